import fc from 'fast-check';
import { expect, test } from 'vitest';
import { created } from '../testing/account-history.ts';
import { type BankAccountState, bankAccountAggregate } from './bank-account.ts';
import { recordDeposit } from './deposit.ts';
import { formatMinor, MAX_MINOR_UNITS, parseDecimal, parseMinor } from './money.ts';
import { isRefusal } from './refusal.ts';
import type { BankAccountTransactionRecordedDomainEventV1 } from './transaction.ts';
import { recordTransfer } from './transfer.ts';
import { recordWithdrawal } from './withdrawal.ts';

const COUNT = 3;
const place = fc.nat({ max: COUNT - 1 });
const minor = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt({ min: 0n, max: 1_000n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: MAX_MINOR_UNITS - 1_000n, max: MAX_MINOR_UNITS + 1_000n }) },
);
const limit = fc.oneof(fc.bigInt({ min: 0n, max: 500n }), fc.constant(MAX_MINOR_UNITS));
const move = fc.record({
  kind: fc.constantFrom('deposit', 'withdrawal', 'transfer'),
  from: place,
  to: place,
  minor,
});
type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never;

/** A few accounts and the system accounts, on which every event is booked as its postings say. */
function books(limits: readonly bigint[], currency: string) {
  const { evolve, initialState } = bankAccountAggregate;
  const accounts = limits.map((each) => evolve(initialState, created(formatMinor(each, currency), currency)));
  const sums = new Map<string, bigint>();
  const stateOf = (at: number): BankAccountState => accounts[at] ?? initialState;

  function decide({ kind, from, to, minor: units }: Move) {
    const amount = parseDecimal(formatMinor(units, currency), 'amount');
    const movement = { transactionId: 't', description: null, amount };
    if (kind === 'deposit')
      return [[to, recordDeposit(stateOf(to), { accountId: `${to}`, ...movement })]] as const;
    if (kind === 'withdrawal')
      return [[from, recordWithdrawal(stateOf(from), { accountId: `${from}`, ...movement })]] as const;
    const transfer = { fromAccountId: `${from}`, toAccountId: `${to}`, ...movement };
    const [paid, received] = recordTransfer(stateOf(from), stateOf(to), transfer);
    return [[from, paid] as const, [to, received] as const];
  }

  function book(at: number, event: BankAccountTransactionRecordedDomainEventV1): void {
    let sum = 0n;
    for (const { account, amount } of event.data.postings) {
      const added = parseMinor(amount, currency);
      sums.set(account, (sums.get(account) ?? 0n) + added);
      sum += added;
    }
    expect(sum).toBe(0n);
    accounts[at] = evolve(stateOf(at), event);
  }

  return {
    accounts,
    sums,
    /** Decides, and books what was accepted. */
    take(each: Move): void {
      try {
        for (const [at, [event]] of decide(each)) book(at, event);
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    },
  };
}

test('whatever moves, every event is balanced, transfers are zero, and no account passes a limit', () => {
  const limits = fc.array(limit, { minLength: COUNT, maxLength: COUNT });
  const moves = fc.array(move, { maxLength: 60 });
  fc.assert(
    fc.property(limits, moves, fc.constantFrom('USD', 'JPY', 'BHD'), (overdrafts, wanted, currency) => {
      const { accounts, sums, take } = books(overdrafts, currency);
      for (const each of wanted) {
        take(each);
        expect(sums.get('transfers') ?? 0n).toBe(0n);
        expect([...sums.values()].reduce((all, sum) => all + sum, 0n)).toBe(0n);
        for (const [at, account] of accounts.entries()) {
          if (!account.exists) throw new Error('It was opened.');
          expect(account.balance).toBe(sums.get(`${at}`) ?? 0n);
          expect(account.balance).toBeGreaterThanOrEqual(-(overdrafts[at] ?? 0n));
          expect(account.balance).toBeGreaterThanOrEqual(-MAX_MINOR_UNITS);
          expect(account.balance).toBeLessThanOrEqual(MAX_MINOR_UNITS);
        }
      }
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { created } from '../testing/account-history.ts';
import type { BankAccountEvent } from './account-events.ts';
import { bankAccountAggregate, type ExistingAccount } from './bank-account.ts';
import { closeAccount } from './closing.ts';
import { recordDeposit } from './deposit.ts';
import { recordFee } from './fee.ts';
import { freezeAccount, unfreezeAccount } from './freezing.ts';
import { recordInterest } from './interest.ts';
import { formatMinor, MAX_MINOR_UNITS, parseDecimal, parseMinor } from './money.ts';
import { changeOverdraftLimit } from './overdraft-limit.ts';
import { isRefusal } from './refusal.ts';
import { accountsOfReversal, type RecordedTransaction, recordReversal } from './reversal.ts';
import { isTransactionRecorded } from './transaction.ts';
import { recordTransfer } from './transfer.ts';
import { recordWithdrawal } from './withdrawal.ts';

const COUNT = 3;
const { evolve, initialState } = bankAccountAggregate;

const wanted = fc.record({
  kind: fc.constantFrom(
    ...(['deposit', 'withdrawal', 'interest', 'fee', 'transfer', 'transfer', 'charged transfer'] as const),
    ...(['reversal', 'reversal', 'freeze', 'stop', 'unfreeze', 'unfreeze', 'close', 'limit'] as const),
  ),
  at: fc.nat({ max: COUNT - 1 }),
  other: fc.nat({ max: COUNT - 1 }),
  minor: fc.oneof(
    { weight: 6, arbitrary: fc.bigInt({ min: 0n, max: 1_000n }) },
    { weight: 1, arbitrary: fc.bigInt({ min: MAX_MINOR_UNITS - 1_000n, max: MAX_MINOR_UNITS + 1_000n }) },
  ),
});
type Wanted = typeof wanted extends fc.Arbitrary<infer Value> ? Value : never;

/** The events of each account, by its place. */
type Decided = readonly (readonly [at: number, events: readonly BankAccountEvent[]])[];

/** A few accounts, and all transactions that were booked on them. */
function newBooks(currency: string) {
  const opened = evolve(initialState, created(formatMinor(500n, currency), currency));
  if (!opened.exists) throw new Error('It was opened.');
  const accounts: ExistingAccount[] = Array.from({ length: COUNT }, () => opened);
  const sums = new Map<string, bigint>();
  const booked: RecordedTransaction[] = [];
  const account = (at: number) => accounts[at] ?? initialState;

  function decide({ kind, at, other, minor }: Wanted): Decided {
    const amount = parseDecimal(formatMinor(minor, currency), 'amount');
    const movement = { transactionId: `${booked.length}`, description: null, amount, accountId: `${at}` };
    switch (kind) {
      case 'deposit':
        return [[at, recordDeposit(account(at), movement)]];
      case 'withdrawal':
        return [[at, recordWithdrawal(account(at), { ...movement, systemAccount: 'clearing' })]];
      case 'interest':
        return [[at, recordInterest(account(at), { ...movement, period: '2026' })]];
      case 'fee':
        return [[at, recordFee(account(at), movement)]];
      case 'transfer':
      case 'charged transfer': {
        const fee = kind === 'transfer' ? undefined : { transactionId: 'fee', amount };
        const transfer = { ...movement, fromAccountId: `${at}`, toAccountId: `${other}`, fee };
        const [paid, received] = recordTransfer(account(at), account(other), transfer);
        return [
          [at, paid],
          [other, received],
        ];
      }
      case 'reversal':
        return decideReversal(booked[Number(minor) % Math.max(booked.length, 1)]);
      case 'freeze':
        return [[at, freezeAccount(account(at), 'FROZEN_DEBIT')]];
      case 'stop':
        return [[at, freezeAccount(account(at), 'FROZEN')]];
      case 'unfreeze':
        return [[at, unfreezeAccount(account(at))]];
      case 'close':
        return [[at, closeAccount(account(at))]];
      case 'limit':
        return [[at, changeOverdraftLimit(account(at), amount)]];
      default:
        return kind satisfies never;
    }
  }

  function decideReversal(reversed: RecordedTransaction | undefined): Decided {
    if (reversed === undefined) return [];
    const places = accountsOfReversal(reversed).map(Number);
    const on = places.map((at) => [`${at}`, account(at)] as const);
    const events = recordReversal(on, { transactionId: `${booked.length}`, reversed, description: null });
    return places.map((at, index) => [at, events[index] ?? []] as const);
  }

  function book(at: number, event: BankAccountEvent): void {
    const after = evolve(account(at), event);
    if (!after.exists) throw new Error('No event takes an account away.');
    accounts[at] = after;
    if (!isTransactionRecorded(event)) return;
    const { transaction, postings } = event.data;
    for (const { account: name, amount } of postings) {
      sums.set(name, (sums.get(name) ?? 0n) + parseMinor(amount, currency));
    }
    expect([...sums.values()].reduce((all, sum) => all + sum, 0n)).toBe(0n);
    booked.push({ transaction, currency, against: postings[1].account });
  }

  return {
    accounts,
    sums,
    booked,
    decideReversal,
    /** Books what was decided, and nothing of what was refused. @returns whether it was accepted */
    take(decision: () => Decided): boolean {
      try {
        for (const [at, events] of decision()) for (const event of events) book(at, event);
        return true;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return false;
      }
    },
    decide,
  };
}

const history = fc.array(wanted, { maxLength: 80, size: 'max' });
const currencies = fc.constantFrom('USD', 'JPY', 'BHD');

test('whatever is decided, the books are balanced, and no account passes a limit or moves while it must not', () => {
  fc.assert(
    fc.property(history, currencies, (all, currency) => {
      const { accounts, sums, take, decide } = newBooks(currency);
      for (const each of all) {
        const before = [...accounts];
        take(() => decide(each));
        expect(sums.get('transfers') ?? 0n).toBe(0n);
        for (const [at, account] of accounts.entries()) {
          const { status, balance } = before[at] ?? account;
          expect(account.balance).toBe(sums.get(`${at}`) ?? 0n);
          expect(account.balance).toBeGreaterThanOrEqual(-account.overdraftLimit);
          expect(account.overdraftLimit).toBeLessThanOrEqual(MAX_MINOR_UNITS);
          expect(account.balance).toBeLessThanOrEqual(MAX_MINOR_UNITS);
          if (status === 'FROZEN_DEBIT') expect(account.balance).toBeGreaterThanOrEqual(balance);
          if (status === 'FROZEN' || status === 'CLOSED') expect(account.balance).toBe(balance);
          if (status === 'CLOSED') expect(account).toBe(before[at]);
          if (account.status === 'CLOSED') expect(account.balance).toBe(0n);
        }
      }
    }),
  );
});

test('a transaction that is reversed at once leaves every account and system account as it was', () => {
  fc.assert(
    fc.property(history, wanted, currencies, (all, last, currency) => {
      const { accounts, sums, booked, take, decide, decideReversal } = newBooks(currency);
      for (const each of all) take(() => decide(each));
      const [before, count] = [new Map(sums), booked.length];
      if (!take(() => decide(last))) return;
      const made = booked.slice(count).toReversed();
      const ids = made.map(({ transaction }) => transaction.id);
      const once = made.filter(({ transaction }, index) => ids.indexOf(transaction.id) === index);
      if (once.some(({ transaction }) => transaction.type === 'REVERSAL')) return;
      // Only an account that may receive and not pay cannot give back at once.
      if (accounts.some(({ status }) => status === 'FROZEN_DEBIT')) return;
      for (const each of once) expect(take(() => decideReversal(each))).toBe(true);
      for (const [name, sum] of sums) expect(sum).toBe(before.get(name) ?? 0n);
    }),
  );
});

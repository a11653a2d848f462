import { given } from '@openbank/eventsourcing/given-when-then';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BankAccountCreatedDomainEventV1,
  type BankAccountState,
  bankAccountAggregate,
  type ExistingAccount,
  openAccount,
  recordDeposit,
} from './bank-account.ts';
import { formatMinor, parseDecimal, parseMinor } from './money.ts';
import type { BankAccountTransactionRecordedDomainEventV1 } from './transaction.ts';

const accountId = '0193f2a0c0007000800000000000acc1';
const ownerId = '0193f2a0c0007000800000000000a11c';

const created = (limit = '500.00', currency = 'USD'): BankAccountCreatedDomainEventV1 => ({
  type: 'BankAccountCreatedDomainEventV1',
  data: { owner_id: ownerId, currency, balance: formatMinor(0n, currency), overdraft_limit: limit },
});
const deposited = (
  id: string,
  amount: string,
  balance: string,
  currency = 'USD',
): BankAccountTransactionRecordedDomainEventV1 => ({
  type: 'BankAccountTransactionRecordedDomainEventV1',
  data: {
    transaction: { id, type: 'DEPOSIT', amount, from_account_id: null, to_account_id: accountId },
    currency,
    balance,
    postings: [
      { account: accountId, amount },
      { account: 'cash', amount: `-${amount}` },
    ],
  },
});
const open =
  (limit: string | number, currency = 'USD') =>
  (account: BankAccountState) =>
    openAccount(account, { ownerId, currency, overdraftLimit: parseDecimal(limit, 'overdraft_limit') });
const deposit =
  (amount: string | number, transactionId = 't1', description: string | null = null) =>
  (account: BankAccountState) =>
    recordDeposit(account, { accountId, transactionId, description, amount: parseDecimal(amount, 'amount') });

describe('opening', () => {
  test('a new account has a balance of zero in its currency, and keeps its overdraft limit', () => {
    given(bankAccountAggregate)
      .when(open(500.0))
      .then([created('500.00')]);
    given(bankAccountAggregate)
      .when(open('7', 'JPY'))
      .then([created('7', 'JPY')]);
    given(bankAccountAggregate)
      .when(open(0, 'BHD'))
      .then([created('0.000', 'BHD')]);
  });

  test('an account is opened once', () => {
    given(bankAccountAggregate, [created()]).when(open(500)).thenRefused('account-already-open');
  });

  test('no overdraft limit goes above 10^15 minor units', () => {
    given(bankAccountAggregate)
      .when(open('10000000000000.00'))
      .then([created('10000000000000.00')]);
    given(bankAccountAggregate).when(open('10000000000000.01')).thenRefused('overdraft-limit-too-high');
  });

  test('an overdraft limit with more digits than the currency is malformed', () => {
    given(bankAccountAggregate).when(open('1.5', 'JPY')).thenRefused('malformed');
  });
});

describe('a deposit', () => {
  test('adds to the balance and is balanced against cash', () => {
    given(bankAccountAggregate, [created()])
      .when(deposit(1000.0))
      .then([deposited('t1', '1000.00', '1000.00')]);
    given(bankAccountAggregate, [created(), deposited('t1', '1000.00', '1000.00')])
      .when(deposit('0.05', 't2'))
      .then([deposited('t2', '0.05', '1000.05')]);
  });

  test("keeps its description as the owner's personal data", () => {
    given(bankAccountAggregate, [created()])
      .when(deposit('1.00', 't1', 'Initial deposit'))
      .then([
        {
          ...deposited('t1', '1.00', '1.00'),
          personal: { subject: ownerId, plain: { description: 'Initial deposit' } },
        },
      ]);
  });

  test('needs an account', () => {
    given(bankAccountAggregate).when(deposit(1)).thenRefused('account-not-found');
  });

  test.each([0, '0', '0.00', '1.001', '1.000'])('of %j is malformed', (amount) => {
    given(bankAccountAggregate, [created()]).when(deposit(amount)).thenRefused('malformed');
  });

  test.each([-1, '-1.00', Number.NaN, '1e3'])('of %j is no amount', (amount) => {
    given(bankAccountAggregate, [created()]).when(deposit(amount)).thenRefused('malformed');
  });

  test('takes no balance above 10^15 minor units', () => {
    const full = deposited('t1', '9999999999999.99', '9999999999999.99');
    given(bankAccountAggregate, [created(), full])
      .when(deposit('0.01', 't2'))
      .then([deposited('t2', '0.01', '10000000000000.00')]);
    given(bankAccountAggregate, [created(), full])
      .when(deposit('0.02', 't2'))
      .thenRefused('balance-limit-exceeded');
  });

  const existing: ExistingAccount = {
    exists: true,
    ownerId,
    currency: 'USD',
    balance: 0n,
    overdraftLimit: 0n,
    status: 'OPEN',
  };

  test('is taken by an account that is only frozen for debits', () => {
    expect(deposit('1.00')({ ...existing, status: 'FROZEN_DEBIT' })).toEqual([
      deposited('t1', '1.00', '1.00'),
    ]);
  });

  test.each([
    ['FROZEN', 'account-frozen'],
    ['CLOSED', 'account-closed'],
  ] as const)('is not taken by an account that is %s', (status, code) => {
    expect(() => deposit('1.00')({ ...existing, status })).toThrow(expect.objectContaining({ code }));
  });

  test('any number of deposits adds up to the minor unit, each event balanced', () => {
    const amounts = fc.array(fc.bigInt({ min: 1n, max: 10n ** 12n }), { maxLength: 20 });
    fc.assert(
      fc.property(amounts, fc.constantFrom('USD', 'JPY', 'BHD', 'CLF'), (minors, currency) => {
        const { evolve, initialState } = bankAccountAggregate;
        let account = evolve(initialState, created(formatMinor(0n, currency), currency));
        for (const minor of minors) {
          const [event] = deposit(formatMinor(minor, currency))(account);
          const sum = event.data.postings.reduce((all, { amount }) => all + parseMinor(amount, currency), 0n);
          expect(sum).toBe(0n);
          account = evolve(account, event);
        }
        const total = minors.reduce((all, minor) => all + minor, 0n);
        expect(account).toMatchObject({ balance: total, currency });
      }),
    );
  });
});

test('a transaction before its account is a damaged history, not a refusal', () => {
  const { evolve } = bankAccountAggregate;
  expect(() => evolve({ exists: false }, deposited('t1', '1.00', '1.00'))).toThrow(/before/);
});

test('a recorded balance that is none of the currency is a damaged history', () => {
  const account = bankAccountAggregate.evolve({ exists: false }, created());
  expect(() => bankAccountAggregate.evolve(account, deposited('t1', '1', '1'))).toThrow(RangeError);
});

import { given } from '@openbank/eventsourcing/given-when-then';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACCOUNT, created, deposited, EXISTING, OWNER } from '../testing/account-history.ts';
import { type BankAccountState, bankAccountAggregate } from './bank-account.ts';
import { recordDeposit } from './deposit.ts';
import { formatMinor, parseDecimal, parseMinor } from './money.ts';

const deposit =
  (amount: string | number, transactionId = 't1', description: string | null = null) =>
  (account: BankAccountState) =>
    recordDeposit(account, {
      accountId: ACCOUNT,
      transactionId,
      description,
      amount: parseDecimal(amount, 'amount'),
    });

describe('a deposit', () => {
  test('adds to the balance and is balanced against cash', () => {
    const first = deposited({ id: 't1', amount: '1000.00', balance: '1000.00' });
    given(bankAccountAggregate, [created()]).when(deposit(1000.0)).then([first]);
    given(bankAccountAggregate, [created(), first])
      .when(deposit('0.05', 't2'))
      .then([deposited({ id: 't2', amount: '0.05', balance: '1000.05' })]);
  });

  test("keeps its description as the owner's personal data", () => {
    given(bankAccountAggregate, [created()])
      .when(deposit('1.00', 't1', 'Initial deposit'))
      .then([
        {
          ...deposited({ id: 't1', amount: '1.00', balance: '1.00' }),
          personal: { subject: OWNER, plain: { description: 'Initial deposit' } },
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
    const full = deposited({ id: 't1', amount: '9999999999999.99', balance: '9999999999999.99' });
    given(bankAccountAggregate, [created(), full])
      .when(deposit('0.01', 't2'))
      .then([deposited({ id: 't2', amount: '0.01', balance: '10000000000000.00' })]);
    given(bankAccountAggregate, [created(), full])
      .when(deposit('0.02', 't2'))
      .thenRefused('balance-limit-exceeded');
  });

  test('is taken by an account that is only frozen for debits', () => {
    expect(deposit('1.00')({ ...EXISTING, status: 'FROZEN_DEBIT' })).toEqual([
      deposited({ id: 't1', amount: '1.00', balance: '1.00' }),
    ]);
  });

  test.each([
    ['FROZEN', 'account-frozen'],
    ['CLOSED', 'account-closed'],
  ] as const)('is not taken by an account that is %s', (status, code) => {
    expect(() => deposit('1.00')({ ...EXISTING, status })).toThrow(expect.objectContaining({ code }));
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

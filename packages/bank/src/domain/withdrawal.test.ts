import { given } from '@openbank/eventsourcing/given-when-then';
import { describe, expect, test } from 'vitest';
import { ACCOUNT, created, deposited, EXISTING, OWNER, withdrawn } from '../testing/account-history.ts';
import { type BankAccountState, bankAccountAggregate } from './bank-account.ts';
import { parseDecimal } from './money.ts';
import { recordWithdrawal } from './withdrawal.ts';

const withdraw =
  (amount: string | number, transactionId = 't2', description: string | null = null) =>
  (account: BankAccountState) =>
    recordWithdrawal(account, {
      accountId: ACCOUNT,
      transactionId,
      description,
      amount: parseDecimal(amount, 'amount'),
    });

const ten = deposited({ id: 't1', amount: '10.00', balance: '10.00' });

describe('a withdrawal', () => {
  test('takes from the balance and is balanced against cash', () => {
    given(bankAccountAggregate, [created('0.00'), ten])
      .when(withdraw(9.99))
      .then([withdrawn({ id: 't2', amount: '9.99', balance: '0.01' })]);
  });

  test('of all that there is leaves nothing, and of a minor unit more is refused', () => {
    given(bankAccountAggregate, [created('0.00'), ten])
      .when(withdraw('10.00'))
      .then([withdrawn({ id: 't2', amount: '10.00', balance: '0.00' })]);
    given(bankAccountAggregate, [created('0.00'), ten])
      .when(withdraw('10.01'))
      .thenRefused('insufficient-funds');
    given(bankAccountAggregate, [created('0.00')])
      .when(withdraw('0.01'))
      .thenRefused('insufficient-funds');
  });

  test('goes as far below zero as the overdraft limit, and no minor unit further', () => {
    given(bankAccountAggregate, [created('500.00'), ten])
      .when(withdraw('510.00'))
      .then([withdrawn({ id: 't2', amount: '510.00', balance: '-500.00' })]);
    given(bankAccountAggregate, [created('500.00'), ten])
      .when(withdraw('510.01'))
      .thenRefused('insufficient-funds');
    const overdrawn = withdrawn({ id: 't2', amount: '510.00', balance: '-500.00' });
    given(bankAccountAggregate, [created('500.00'), ten, overdrawn])
      .when(withdraw('0.01', 't3'))
      .thenRefused('insufficient-funds');
  });

  test('takes no balance below -10^15 minor units', () => {
    given(bankAccountAggregate, [created('10000000000000.00')])
      .when(withdraw('10000000000000.00'))
      .then([withdrawn({ id: 't2', amount: '10000000000000.00', balance: '-10000000000000.00' })]);
    given(bankAccountAggregate, [created('10000000000000.00')])
      .when(withdraw('10000000000000.01'))
      .thenRefused('insufficient-funds');
  });

  test('has the digits of the account in every currency', () => {
    given(bankAccountAggregate, [created('7', 'JPY')])
      .when(withdraw('7'))
      .then([withdrawn({ id: 't2', amount: '7', balance: '-7', currency: 'JPY' })]);
    given(bankAccountAggregate, [created('1.000', 'BHD')])
      .when(withdraw('0.001'))
      .then([withdrawn({ id: 't2', amount: '0.001', balance: '-0.001', currency: 'BHD' })]);
  });

  test("keeps its description as the owner's personal data", () => {
    given(bankAccountAggregate, [created(), ten])
      .when(withdraw('1.00', 't2', 'Pocket money'))
      .then([
        {
          ...withdrawn({ id: 't2', amount: '1.00', balance: '9.00' }),
          personal: { subject: OWNER, plain: { description: 'Pocket money' } },
        },
      ]);
  });

  test('needs an account', () => {
    given(bankAccountAggregate).when(withdraw(1)).thenRefused('account-not-found');
  });

  test.each([0, '0', '0.00', '1.001', '1.000'])('of %j is malformed', (amount) => {
    given(bankAccountAggregate, [created()]).when(withdraw(amount)).thenRefused('malformed');
  });

  test.each([-1, '-1.00', Number.NaN, '1e3'])('of %j is no amount', (amount) => {
    given(bankAccountAggregate, [created()]).when(withdraw(amount)).thenRefused('malformed');
  });

  test.each([
    ['FROZEN_DEBIT', 'account-frozen'],
    ['FROZEN', 'account-frozen'],
    ['CLOSED', 'account-closed'],
  ] as const)('is not paid by an account that is %s', (status, code) => {
    const account = { ...EXISTING, balance: 10_000n, status };
    expect(() => withdraw('1.00')(account)).toThrow(
      expect.objectContaining({ code, fields: [expect.objectContaining({ field: 'account_id' })] }),
    );
  });
});

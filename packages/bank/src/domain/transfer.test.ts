import { describe, expect, test } from 'vitest';
import { ACCOUNT, EXISTING, OTHER, OWNER, paid, received } from '../testing/account-history.ts';
import type { BankAccountState, ExistingAccount } from './bank-account.ts';
import { parseDecimal } from './money.ts';
import { recordTransfer, type Transfer } from './transfer.ts';

const PAYEES_OWNER = '0193f2a0c0007000800000000000b0b0';
const NOBODY: BankAccountState = { exists: false };

const payer = (wanted: Partial<ExistingAccount> = {}) => ({ ...EXISTING, balance: 1_000n, ...wanted });
const payee = (wanted: Partial<ExistingAccount> = {}) => ({ ...EXISTING, ownerId: PAYEES_OWNER, ...wanted });

function transfer(
  amount: string | number,
  from: BankAccountState = payer(),
  to: BankAccountState = payee(),
  wanted: Partial<Transfer> = {},
) {
  const accounts = { fromAccountId: ACCOUNT, toAccountId: OTHER };
  const movement = { transactionId: 't1', description: null, amount: parseDecimal(amount, 'amount') };
  return recordTransfer(from, to, { ...accounts, ...movement, ...wanted });
}

const refusal = (code: string, field: string) =>
  expect.objectContaining({ code, fields: [expect.objectContaining({ field })] });

describe('a transfer', () => {
  test('is an entry on each account against transfers, which leaves nothing there', () => {
    expect(transfer('9.99')).toEqual([
      [paid({ id: 't1', amount: '9.99', balance: '0.01' })],
      [received({ id: 't1', amount: '9.99', balance: '9.99' })],
    ]);
  });

  test('keeps its description for the owner of each account', () => {
    const description = 'Rent of May';
    expect(transfer('1.00', payer(), payee(), { description })).toEqual([
      [expect.objectContaining({ personal: { subject: OWNER, plain: { description } } })],
      [expect.objectContaining({ personal: { subject: PAYEES_OWNER, plain: { description } } })],
    ]);
  });

  test('goes as far below zero as the overdraft limit of who pays, and no minor unit further', () => {
    const from = payer({ overdraftLimit: 500n });
    expect(transfer('15.00', from)).toEqual([
      [paid({ id: 't1', amount: '15.00', balance: '-5.00' })],
      [received({ id: 't1', amount: '15.00', balance: '15.00' })],
    ]);
    expect(() => transfer('15.01', from)).toThrow(refusal('insufficient-funds', 'amount'));
  });

  test('is not helped by the overdraft limit of who receives', () => {
    expect(() => transfer('10.01', payer(), payee({ overdraftLimit: 500n }))).toThrow(
      refusal('insufficient-funds', 'amount'),
    );
  });

  test('lifts who receives out of an overdraft', () => {
    const [, [event]] = transfer('7.00', payer(), payee({ balance: -500n, overdraftLimit: 500n }));
    expect(event).toEqual(received({ id: 't1', amount: '7.00', balance: '2.00' }));
  });

  test('takes no balance above 10^15 minor units', () => {
    const to = payee({ balance: 10n ** 15n - 1n });
    expect(transfer('0.01', payer(), to)[1]).toEqual([
      received({ id: 't1', amount: '0.01', balance: '10000000000000.00' }),
    ]);
    expect(() => transfer('0.02', payer(), to)).toThrow(refusal('balance-limit-exceeded', 'amount'));
  });

  test('needs both accounts, and names the one that is not there', () => {
    expect(() => transfer('1.00', NOBODY)).toThrow(refusal('account-not-found', 'from_account_id'));
    expect(() => transfer('1.00', payer(), NOBODY)).toThrow(refusal('account-not-found', 'to_account_id'));
    expect(() => transfer('1.00', NOBODY, NOBODY)).toThrow(refusal('account-not-found', 'from_account_id'));
  });

  test('to the account that pays is refused', () => {
    expect(() => transfer('1.00', payer(), payer(), { toAccountId: ACCOUNT })).toThrow(
      refusal('same-account', 'to_account_id'),
    );
  });

  test('between two currencies is refused', () => {
    const to = payee({ currency: 'EUR' });
    expect(() => transfer('1.00', payer(), to)).toThrow(refusal('currency-mismatch', 'to_account_id'));
  });

  test.each([0, '0', '0.00', '1.001', '1.000'])('of %j is malformed', (amount) => {
    expect(() => transfer(amount)).toThrow(refusal('malformed', 'amount'));
  });

  test.each([-1, '-1.00', Number.NaN, '1e3'])('of %j is no amount', (amount) => {
    expect(() => transfer(amount)).toThrow(refusal('malformed', 'amount'));
  });

  test.each([
    ['FROZEN_DEBIT', 'account-frozen'],
    ['FROZEN', 'account-frozen'],
    ['CLOSED', 'account-closed'],
  ] as const)('is not paid by an account that is %s', (status, code) => {
    expect(() => transfer('1.00', payer({ status }))).toThrow(refusal(code, 'from_account_id'));
  });

  test.each([
    ['FROZEN', 'account-frozen'],
    ['CLOSED', 'account-closed'],
  ] as const)('is not received by an account that is %s', (status, code) => {
    expect(() => transfer('1.00', payer(), payee({ status }))).toThrow(refusal(code, 'to_account_id'));
  });

  test('is received by an account that is only frozen for debits', () => {
    expect(transfer('1.00', payer(), payee({ status: 'FROZEN_DEBIT' }))[1]).toEqual([
      received({ id: 't1', amount: '1.00', balance: '1.00' }),
    ]);
  });
});

import { expect, test } from 'vitest';
import { bankWithTwoAccounts } from '../testing/two-accounts.ts';

test('a fee takes, and is the income of the bank', async () => {
  const { bank, a } = await bankWithTwoAccounts();
  const { answer } = await bank.fee({ accountId: a, amount: '2.50' });
  expect(answer).toMatchObject({
    id: a,
    balance: '-2.50',
    transaction: { type: 'FEE', amount: '2.50', from_account_id: a, to_account_id: null, charged_for: null },
  });
  expect(JSON.parse((await bank.recorded()).at(-1)?.data ?? '').postings).toEqual([
    { account: a, amount: '-2.50' },
    { account: 'fee-income', amount: '2.50' },
  ]);
});

test('a fee takes no more than is available', async () => {
  const { bank, a } = await bankWithTwoAccounts();
  await expect(bank.fee({ accountId: a, amount: '500.01' })).rejects.toMatchObject({
    code: 'insufficient-funds',
  });
});

test('a fee of a transfer is a transaction of its own in the same commit, and the answer shows what is left', async () => {
  const { bank, a, b } = await bankWithTwoAccounts();
  const fee = { transactionId: 'f'.repeat(32), amount: '0.25' };
  const { answer } = await bank.transfer({ fromAccountId: a, toAccountId: b, amount: '100.00', fee });
  expect(answer).toMatchObject({
    id: a,
    balance: '-100.25',
    transaction: { type: 'TRANSFER', amount: '100.00' },
    fee: {
      id: fee.transactionId,
      type: 'FEE',
      amount: '0.25',
      from_account_id: a,
      charged_for: answer.transaction.id,
    },
  });
  const recorded = (await bank.recorded()).slice(-3);
  expect(recorded.map(({ stream }) => stream)).toEqual([
    `bank-account-${a}`,
    `bank-account-${a}`,
    `bank-account-${b}`,
  ]);
  expect(new Set(recorded.map(({ metadata }) => metadata.commit_id)).size).toBe(1);
});

test('a transfer without a fee answers that there is none', async () => {
  const { bank, a, b } = await bankWithTwoAccounts();
  expect((await bank.transfer({ fromAccountId: a, toAccountId: b, amount: 1 })).answer.fee).toBeNull();
});

test('where the fee cannot be paid nothing is transferred', async () => {
  const { bank, a, b } = await bankWithTwoAccounts();
  const before = (await bank.recorded()).length;
  const fee = { transactionId: 'f'.repeat(32), amount: '0.01' };
  await expect(
    bank.transfer({ fromAccountId: a, toAccountId: b, amount: '500.00', fee }),
  ).rejects.toMatchObject({ code: 'insufficient-funds' });
  expect(await bank.recorded()).toHaveLength(before);
});

test.each([0, '0.00', '0.001'])('a fee of %j for a transfer is refused, named as fee', async (amount) => {
  const { bank, a, b } = await bankWithTwoAccounts();
  const fee = { transactionId: 'f'.repeat(32), amount };
  await expect(bank.transfer({ fromAccountId: a, toAccountId: b, amount: 1, fee })).rejects.toMatchObject({
    code: 'malformed',
    fields: [expect.objectContaining({ field: 'fee' })],
  });
});

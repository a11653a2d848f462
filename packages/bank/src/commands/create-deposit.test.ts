import { expect, test } from 'vitest';
import { PLAIN_TRANSACTION } from '../testing/plain-transaction.ts';
import { createTestBank, newContext, newId } from '../testing/test-bank.ts';

async function bankWithAccount() {
  const bank = await createTestBank();
  const { id: ownerId } = (await bank.register()).answer;
  const { id: accountId } = (await bank.open({ ownerId })).answer;
  return { bank, accountId, ownerId };
}

test('a deposit adds', async () => {
  const { bank, accountId } = await bankWithAccount();
  const transactionId = newId();
  await bank.deposit({ accountId, amount: '0.10' });
  const { answer } = await bank.deposit({
    accountId,
    transactionId,
    amount: 1000.0,
    description: 'Initial deposit',
  });
  expect(answer).toEqual({
    id: accountId,
    balance: '1000.10',
    transaction: {
      id: transactionId,
      type: 'DEPOSIT',
      amount: '1000.00',
      currency: 'USD',
      from_account_id: null,
      to_account_id: accountId,
      description: 'Initial deposit',
      ...PLAIN_TRANSACTION,
    },
  });
});

test('a deposit without a description answers that there is none', async () => {
  const { bank, accountId } = await bankWithAccount();
  expect((await bank.deposit({ accountId })).answer.transaction.description).toBeNull();
});

test('a deposit repeated with its key happens once and answers the first time again', async () => {
  const { bank, accountId } = await bankWithAccount();
  const first = await bank.deposit({ accountId, description: 'Salary' }, newContext('key'));
  await bank.deposit({ accountId });
  const again = await bank.deposit({ accountId, description: 'Salary' }, newContext('key'));
  expect(again).toEqual({ ...first, replayed: true });
});

test('every one of many deposits at once is in the balance', async () => {
  const { bank, accountId } = await bankWithAccount();
  const deposits = await Promise.all(
    Array.from({ length: 50 }, () => bank.deposit({ accountId, amount: '0.01' })),
  );
  const balances = deposits.map(({ answer }) => answer.balance).sort();
  expect(new Set(balances).size).toBe(50);
  expect(balances.at(-1)).toBe('0.50');
});

test('its event is balanced against cash and keeps the description sealed', async () => {
  const { bank, accountId, ownerId } = await bankWithAccount();
  await bank.deposit({ accountId, amount: '12.34', description: 'Rent of May' });
  const event = (await bank.recorded()).at(-1);
  expect(JSON.parse(event?.data ?? '')).toEqual({
    transaction: expect.objectContaining({ amount: '12.34', to_account_id: accountId }),
    currency: 'USD',
    balance: '12.34',
    postings: [
      { account: accountId, amount: '12.34' },
      { account: 'cash', amount: '-12.34' },
    ],
    personal: { subject: ownerId, cipher: expect.any(String) },
  });
  expect(JSON.stringify(event)).not.toContain('Rent');
});

test('two accounts share no state', async () => {
  const { bank, accountId, ownerId } = await bankWithAccount();
  const { id: other } = (await bank.open({ ownerId })).answer;
  await bank.deposit({ accountId, amount: 100 });
  expect((await bank.deposit({ accountId: other, amount: 1 })).answer.balance).toBe('1.00');
  expect((await bank.deposit({ accountId, amount: 1 })).answer.balance).toBe('101.00');
});

test('a deposit needs an account', async () => {
  const bank = await createTestBank();
  await expect(bank.deposit({ accountId: newId() })).rejects.toMatchObject({
    kind: 'not-found',
    code: 'account-not-found',
  });
});

test.each([
  [0, 'malformed'],
  ['0.00', 'malformed'],
  ['1.001', 'malformed'],
  [1.001, 'malformed'],
  ['10000000000000.01', 'balance-limit-exceeded'],
])('a deposit of %j is refused: %s', async (amount, code) => {
  const { bank, accountId } = await bankWithAccount();
  const before = await bank.recorded();
  await expect(bank.deposit({ accountId, amount })).rejects.toMatchObject({
    code,
    fields: [expect.objectContaining({ field: 'amount' })],
  });
  expect(await bank.recorded()).toEqual(before);
});

test('no balance goes above 10^15 minor units', async () => {
  const { bank, accountId } = await bankWithAccount();
  expect((await bank.deposit({ accountId, amount: '10000000000000.00' })).answer.balance).toBe(
    '10000000000000.00',
  );
  await expect(bank.deposit({ accountId, amount: '0.01' })).rejects.toMatchObject({
    kind: 'rule',
    code: 'balance-limit-exceeded',
  });
});

import { expect, test } from 'vitest';
import { PLAIN_TRANSACTION } from '../testing/plain-transaction.ts';
import { createTestBank, newContext, newId } from '../testing/test-bank.ts';

async function bankWithAccount(overdraftLimit = '0.00') {
  const bank = await createTestBank();
  const { id: ownerId } = (await bank.register()).answer;
  const { id: accountId } = (await bank.open({ ownerId, overdraftLimit })).answer;
  return { bank, accountId, ownerId };
}

test('a withdrawal takes', async () => {
  const { bank, accountId } = await bankWithAccount();
  const transactionId = newId();
  await bank.deposit({ accountId, amount: '100.00' });
  const { answer } = await bank.withdraw({
    accountId,
    transactionId,
    amount: 99.99,
    description: 'Pocket money',
  });
  expect(answer).toEqual({
    id: accountId,
    balance: '0.01',
    transaction: {
      id: transactionId,
      type: 'WITHDRAWAL',
      amount: '99.99',
      currency: 'USD',
      from_account_id: accountId,
      to_account_id: null,
      description: 'Pocket money',
      ...PLAIN_TRANSACTION,
    },
  });
});

test('the first withdrawal of a new account is refused or paid by its overdraft', async () => {
  const { bank, accountId } = await bankWithAccount('5.00');
  await expect(bank.withdraw({ accountId, amount: '5.01' })).rejects.toMatchObject({
    kind: 'rule',
    code: 'insufficient-funds',
    fields: [expect.objectContaining({ field: 'amount' })],
  });
  expect((await bank.withdraw({ accountId, amount: '5.00' })).answer.balance).toBe('-5.00');
});

test('a refused withdrawal records nothing', async () => {
  const { bank, accountId } = await bankWithAccount();
  const before = await bank.recorded();
  await expect(bank.withdraw({ accountId, amount: 1 }, newContext('key'))).rejects.toMatchObject({
    code: 'insufficient-funds',
  });
  expect(await bank.recorded()).toEqual(before);
});

test('a key that was refused is free: with money there, the same call is paid', async () => {
  const { bank, accountId } = await bankWithAccount();
  const withdraw = () => bank.withdraw({ accountId, amount: '7.00' }, newContext('key'));
  await expect(withdraw()).rejects.toMatchObject({ code: 'insufficient-funds' });
  await bank.deposit({ accountId, amount: '7.00' });
  expect(await withdraw()).toMatchObject({ answer: { balance: '0.00' }, replayed: false });
});

test('a withdrawal repeated with its key is paid once, also when nothing is left', async () => {
  const { bank, accountId } = await bankWithAccount();
  await bank.deposit({ accountId, amount: '7.00' });
  const first = await bank.withdraw({ accountId, amount: '7.00' }, newContext('key'));
  const again = await bank.withdraw({ accountId, amount: '7.00' }, newContext('key'));
  expect(again).toEqual({ ...first, replayed: true });
});

test('its event is balanced against cash and keeps the description sealed', async () => {
  const { bank, accountId, ownerId } = await bankWithAccount('20.00');
  await bank.withdraw({ accountId, amount: '12.34', description: 'Rent of May' });
  const event = (await bank.recorded()).at(-1);
  expect(JSON.parse(event?.data ?? '')).toEqual({
    transaction: expect.objectContaining({ amount: '12.34', from_account_id: accountId }),
    currency: 'USD',
    balance: '-12.34',
    postings: [
      { account: accountId, amount: '-12.34' },
      { account: 'cash', amount: '12.34' },
    ],
    personal: { subject: ownerId, cipher: expect.any(String) },
  });
  expect(JSON.stringify(event)).not.toContain('Rent');
});

test('a withdrawal needs an account', async () => {
  const bank = await createTestBank();
  await expect(bank.withdraw({ accountId: newId() })).rejects.toMatchObject({
    kind: 'not-found',
    code: 'account-not-found',
    fields: [expect.objectContaining({ field: 'account_id' })],
  });
});

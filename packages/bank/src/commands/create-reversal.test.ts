import { expect, test } from 'vitest';
import { transactions } from '../projections/transactions.ts';
import { findTransaction } from '../queries/find-transaction.ts';
import { getTransaction } from '../queries/get-transaction.ts';
import { booksIn } from '../testing/books-in-log.ts';
import { newContext, type TestBank } from '../testing/test-bank.ts';
import { bankWithTwoAccounts } from '../testing/two-accounts.ts';

/** As the program does it: a read model finds the transaction, the log tells it. */
async function reverse(bank: TestBank, reversedId: string, context = newContext()) {
  await bank.project(transactions);
  const found = await findTransaction(bank.models)(
    { type: 'FindTransaction', transactionId: reversedId },
    undefined,
  );
  if (found === undefined) throw new Error('There is no such transaction.');
  return bank.reverse({ reversedId, recordedAt: found }, context);
}

async function shown(bank: TestBank, transactionId: string) {
  await bank.project(transactions);
  return getTransaction(bank.models, bank.vault)({ type: 'GetTransaction', transactionId }, undefined);
}

test('a reversed transfer moves the money back, and both name each other', async () => {
  const { bank, a, b } = await bankWithTwoAccounts();
  const transfer = await bank.transfer({ fromAccountId: a, toAccountId: b, amount: '100.00' });
  const { id } = transfer.answer.transaction;
  const { answer } = await reverse(bank, id);
  expect(answer).toMatchObject({
    id: b,
    balance: '0.00',
    transaction: {
      type: 'REVERSAL',
      amount: '100.00',
      from_account_id: b,
      to_account_id: a,
      reverses: id,
      reversed_by: null,
    },
  });
  expect(await shown(bank, id)).toMatchObject({ reversed_by: answer.transaction.id, reverses: null });
  expect(await shown(bank, answer.transaction.id)).toMatchObject({ reverses: id, reversed_by: null });
  const books = booksIn(await bank.recorded());
  expect([books.get(a), books.get(b), books.get('transfers')]).toEqual([0n, 0n, 0n]);
});

test.each(['deposit', 'withdraw', 'fee', 'interest'] as const)(
  'a reversed %s stands against the same system account',
  async (kind) => {
    const { bank, a } = await bankWithTwoAccounts();
    const { answer } = await bank[kind]({ accountId: a, amount: '7.00' });
    const reversal = (await reverse(bank, answer.transaction.id)).answer;
    expect(reversal).toMatchObject({ id: a, balance: '0.00' });
    expect(await shown(bank, answer.transaction.id)).toMatchObject({
      reversed_by: reversal.transaction.id,
    });
    const [first, second] = (await bank.recorded()).slice(-2).map(({ data }) => JSON.parse(data).postings[1]);
    expect(second.account).toBe(first.account);
    expect(second.amount).toBe(first.amount.startsWith('-') ? first.amount.slice(1) : `-${first.amount}`);
  },
);

test('a transaction is reversed once, also where it could no longer be paid', async () => {
  const { bank, a } = await bankWithTwoAccounts();
  const { id } = (await bank.deposit({ accountId: a, amount: '500.00' })).answer.transaction;
  await reverse(bank, id);
  await expect(reverse(bank, id)).rejects.toMatchObject({ kind: 'rule', code: 'already-reversed' });
  await bank.withdraw({ accountId: a, amount: '500.00' });
  await expect(reverse(bank, id, newContext('another'))).rejects.toMatchObject({ code: 'already-reversed' });
});

test('of two reversals at once only one is booked', async () => {
  const { bank, a } = await bankWithTwoAccounts();
  const { id } = (await bank.deposit({ accountId: a, amount: '1.00' })).answer.transaction;
  const outcomes = await Promise.allSettled([reverse(bank, id), reverse(bank, id)]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(booksIn(await bank.recorded()).get(a)).toBe(0n);
});

test('a reversal repeated with its key answers the first time again', async () => {
  const { bank, a } = await bankWithTwoAccounts();
  const { id } = (await bank.deposit({ accountId: a, amount: '1.00' })).answer.transaction;
  const first = await reverse(bank, id, newContext('key'));
  expect(await reverse(bank, id, newContext('key'))).toEqual({ ...first, replayed: true });
});

test('a deposit whose money was spent is not reversed', async () => {
  const { bank, a } = await bankWithTwoAccounts();
  const { id } = (await bank.deposit({ accountId: a, amount: '10.00' })).answer.transaction;
  await bank.withdraw({ accountId: a, amount: '500.01' });
  await expect(reverse(bank, id)).rejects.toMatchObject({ code: 'insufficient-funds' });
});

test('a reversal is not reversed', async () => {
  const { bank, a } = await bankWithTwoAccounts();
  const { id } = (await bank.deposit({ accountId: a, amount: '1.00' })).answer.transaction;
  const reversal = (await reverse(bank, id)).answer.transaction.id;
  await expect(reverse(bank, reversal)).rejects.toMatchObject({ kind: 'rule', code: 'not-reversible' });
});

test('what a read model says of the amount is not asked: the log tells it', async () => {
  const { bank, a } = await bankWithTwoAccounts();
  const { id } = (await bank.deposit({ accountId: a, amount: '1.00' })).answer.transaction;
  await expect(bank.reverse({ reversedId: id, recordedAt: { accountId: a, revision: 0 } })).rejects.toThrow(
    /where the log has it not/,
  );
});

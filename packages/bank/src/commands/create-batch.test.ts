import fc from 'fast-check';
import { expect, test } from 'vitest';
import { booksIn } from '../testing/books-in-log.ts';
import { newContext, newId } from '../testing/test-bank.ts';
import { bankWithTwoAccounts } from '../testing/two-accounts.ts';
import type { BatchItem } from './batch-item.ts';
import { validateCreateBatch } from './create-batch.ts';

const movement = (amount: string | number) => ({ transactionId: newId(), amount, description: null });

const deposit = (accountId: string, amount: string | number): BatchItem => ({
  type: 'CreateDeposit',
  accountId,
  ...movement(amount),
});
const withdrawal = (accountId: string, amount: string | number): BatchItem => ({
  type: 'CreateWithdrawal',
  accountId,
  ...movement(amount),
});
const transfer = (fromAccountId: string, toAccountId: string, amount: string): BatchItem => ({
  type: 'CreateTransfer',
  fromAccountId,
  toAccountId,
  ...movement(amount),
});

test('a batch is one commit, each item decided on what those before it leave', async () => {
  const { bank, a, b } = await bankWithTwoAccounts();
  const items = [
    transfer(a, b, '500.00'),
    withdrawal(b, '1000.00'),
    deposit(a, '0.01'),
    withdrawal(a, '0.01'),
  ];
  const { answer } = await bank.batch({ items });
  expect(answer.map(({ id, balance }) => [id, balance])).toEqual([
    [a, '-500.00'],
    [b, '-500.00'],
    [a, '-499.99'],
    [a, '-500.00'],
  ]);
  const recorded = (await bank.recorded()).slice(-5);
  expect(new Set(recorded.map(({ metadata }) => metadata.commit_id)).size).toBe(1);
  expect(booksIn(await bank.recorded()).get('transfers')).toBe(0n);
});

test('where one item is refused none is recorded, and its fields are named', async () => {
  const { bank, a, b } = await bankWithTwoAccounts();
  const before = await bank.recorded();
  const items = [deposit(a, 1), transfer(a, b, '501.01'), deposit(b, 1)];
  await expect(bank.batch({ items })).rejects.toMatchObject({
    kind: 'rule',
    code: 'insufficient-funds',
    fields: [expect.objectContaining({ field: 'items.1.amount' })],
  });
  expect(await bank.recorded()).toEqual(before);
});

test('a batch repeated with its key answers every item again, in the order of the items', async () => {
  const { bank, a, b } = await bankWithTwoAccounts();
  const made = () => [deposit(b, 1), deposit(a, 2), transfer(b, a, '0.50'), deposit(b, 3)];
  const first = await bank.batch({ items: made() }, newContext('key'));
  expect(await bank.batch({ items: made() }, newContext('key'))).toEqual({ ...first, replayed: true });
});

test('an interest that was paid, or stands twice in the batch, is refused', async () => {
  const { bank, a } = await bankWithTwoAccounts();
  const interest = (period: string): BatchItem => ({
    type: 'RecordInterest',
    accountId: a,
    period,
    ...movement(1),
  });
  const twice = {
    code: 'interest-already-recorded',
    fields: [expect.objectContaining({ field: 'items.1.period' })],
  };
  await expect(bank.batch({ items: [interest('2026'), interest('2026')] })).rejects.toMatchObject(twice);
  await bank.batch({ items: [interest('2026')] });
  await expect(bank.batch({ items: [interest('2027'), interest('2026')] })).rejects.toMatchObject(twice);
});

test('an item that is malformed is named', () => {
  const items = [deposit(newId(), 1), deposit(newId(), 'x')];
  expect(() => validateCreateBatch({ type: 'CreateBatch', items })).toThrow(
    expect.objectContaining({
      code: 'malformed',
      fields: [expect.objectContaining({ field: 'items.1.amount' })],
    }),
  );
});

test('a batch does what its items do one after the other', async () => {
  const kinds = fc.constantFrom('deposit', 'withdraw', 'transfer');
  const item = fc.record({ kind: kinds, from: fc.boolean(), cents: fc.integer({ min: 1, max: 40_000 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 12 }), async (wanted) => {
      const [together, alone] = [await bankWithTwoAccounts(), await bankWithTwoAccounts()];
      const itemsFor = ({ a, b }: { a: string; b: string }) =>
        wanted.map(({ kind, from, cents }) => {
          const [one, other] = from ? [a, b] : [b, a];
          const amount = (cents / 100).toFixed(2);
          if (kind === 'transfer') return transfer(one, other, amount);
          return kind === 'deposit' ? deposit(one, amount) : withdrawal(one, amount);
        });
      const outcome = await together.bank
        .batch({ items: itemsFor(together) })
        .catch((error: unknown) => error);
      let refused = false;
      for (const each of itemsFor(alone)) {
        if (refused) break;
        await alone.bank.batch({ items: [each] }).catch(() => {
          refused = true;
        });
      }
      const balances = async ({ bank, a, b }: typeof together) => {
        const books = booksIn(await bank.recorded());
        return [books.get(a) ?? 0n, books.get(b) ?? 0n];
      };
      expect(outcome instanceof Error).toBe(refused);
      expect(await balances(together)).toEqual(refused ? [0n, 0n] : await balances(alone));
    }),
    { numRuns: 40 },
  );
});

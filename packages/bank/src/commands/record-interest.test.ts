import { expect, test } from 'vitest';
import { createTestBank, newContext, newId } from '../testing/test-bank.ts';
import { validateRecordInterest } from './record-interest.ts';

async function bankWithAccount() {
  const bank = await createTestBank();
  const { id: ownerId } = (await bank.register()).answer;
  const { id: accountId } = (await bank.open({ ownerId })).answer;
  return { bank, accountId, ownerId };
}

test('interest adds, and is the expense of the bank', async () => {
  const { bank, accountId } = await bankWithAccount();
  const { answer } = await bank.interest({ accountId, amount: '1.23', period: '2026-Q3' });
  expect(answer).toMatchObject({
    id: accountId,
    balance: '1.23',
    transaction: {
      type: 'INTEREST',
      amount: '1.23',
      from_account_id: null,
      to_account_id: accountId,
      period: '2026-Q3',
    },
  });
  expect(JSON.parse((await bank.recorded()).at(-1)?.data ?? '').postings).toEqual([
    { account: accountId, amount: '1.23' },
    { account: 'interest-expense', amount: '-1.23' },
  ]);
});

test('an account gets interest once for a period, whatever its amount and key', async () => {
  const { bank, accountId, ownerId } = await bankWithAccount();
  await bank.interest({ accountId, period: '2026-09' }, newContext('one'));
  for (const context of [newContext(), newContext('other')]) {
    await expect(bank.interest({ accountId, period: '2026-09', amount: 2 }, context)).rejects.toMatchObject({
      kind: 'rule',
      code: 'interest-already-recorded',
      fields: [expect.objectContaining({ field: 'period' })],
    });
  }
  await bank.interest({ accountId, period: '2026-10' });
  const { id: other } = (await bank.open({ ownerId })).answer;
  await bank.interest({ accountId: other, period: '2026-09' });
});

test('repeated with its key it answers the first time again', async () => {
  const { bank, accountId } = await bankWithAccount();
  const first = await bank.interest({ accountId }, newContext('key'));
  expect(await bank.interest({ accountId }, newContext('key'))).toEqual({ ...first, replayed: true });
});

test('of two at once for one period only one is paid', async () => {
  const { bank, accountId } = await bankWithAccount();
  const outcomes = await Promise.allSettled([bank.interest({ accountId }), bank.interest({ accountId })]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((await bank.recorded()).filter(({ data }) => data.includes('INTEREST'))).toHaveLength(1);
});

test.each(['', '26', '2026-Q5', '2026-13', '2026-00', '2026-02-30', '2026-Q1 ', 'September'])(
  'a period of %j is malformed',
  (period) => {
    const command = { accountId: newId(), transactionId: newId(), amount: 1, description: null, period };
    expect(() => validateRecordInterest({ type: 'RecordInterest', ...command })).toThrow(
      expect.objectContaining({ code: 'malformed', fields: [expect.objectContaining({ field: 'period' })] }),
    );
  },
);

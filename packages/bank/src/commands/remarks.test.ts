import { expect, test } from 'vitest';
import { createTestBank, newId } from '../testing/test-bank.ts';
import { validateCreateDeposit } from './create-deposit.ts';

const REMARKS = {
  reference: 'invoice 4711',
  metadata: { order: '4711', shop: 'north' },
  valueDate: '2026-01-31',
} as const;

const command = {
  type: 'CreateDeposit',
  accountId: newId(),
  transactionId: newId(),
  amount: 1,
  description: null,
} as const;

test('what the caller says of a transaction is answered, recorded in the clear and found again', async () => {
  const bank = await createTestBank();
  const { id: ownerId } = (await bank.register()).answer;
  const { id: accountId } = (await bank.open({ ownerId })).answer;
  const { answer } = await bank.deposit({ accountId, ...REMARKS });
  expect(answer.transaction).toMatchObject({
    reference: 'invoice 4711',
    metadata: { order: '4711', shop: 'north' },
    value_date: '2026-01-31',
  });
  expect(JSON.parse((await bank.recorded()).at(-1)?.data ?? '').transaction).toMatchObject({
    reference: 'invoice 4711',
    metadata: { order: '4711', shop: 'north' },
    value_date: '2026-01-31',
  });
});

test('what the caller does not say leaves no trace, and the value date is the booked day', async () => {
  const bank = await createTestBank();
  const { id: ownerId } = (await bank.register()).answer;
  const { id: accountId } = (await bank.open({ ownerId })).answer;
  const { answer } = await bank.deposit({ accountId });
  const { transaction } = answer;
  expect(transaction).toMatchObject({ reference: null, metadata: null });
  expect(transaction.value_date).toBe(transaction.booked_at.slice(0, 10));
  expect(Object.keys(JSON.parse((await bank.recorded()).at(-1)?.data ?? '').transaction)).toEqual([
    'id',
    'type',
    'amount',
    'from_account_id',
    'to_account_id',
  ]);
});

test('a deposit comes from the system account that is named, else from cash', async () => {
  const bank = await createTestBank();
  const { id: ownerId } = (await bank.register()).answer;
  const { id: accountId } = (await bank.open({ ownerId })).answer;
  await bank.deposit({ accountId, amount: '1.00', systemAccount: 'cash-desk-2' });
  await bank.withdraw({ accountId, amount: '1.00' });
  const against = (await bank.recorded()).slice(-2).map(({ data }) => JSON.parse(data).postings[1]);
  expect(against).toEqual([
    { account: 'cash-desk-2', amount: '-1.00' },
    { account: 'cash', amount: '1.00' },
  ]);
});

test.each([
  ['reference', { reference: '' }],
  ['reference', { reference: '   ' }],
  ['reference', { reference: 'x'.repeat(101) }],
  ['reference', { reference: 'two\nlines' }],
  ['metadata', { metadata: Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`n${at}`, ''])) }],
  ['metadata', { metadata: { ['x'.repeat(41)]: '' } }],
  ['metadata', { metadata: { '': 'x' } }],
  ['metadata', { metadata: { x: 'y'.repeat(201) } }],
  ['metadata', { metadata: { x: 'a\u0000' } }],
  ['value_date', { valueDate: '2026-02-30' }],
  ['value_date', { valueDate: 'today' }],
  ['system_account', { systemAccount: 'customers' }],
  ['system_account', { systemAccount: 'transfers' }],
  ['system_account', { systemAccount: 'total' }],
  ['system_account', { systemAccount: 'fee-income' }],
  ['system_account', { systemAccount: 'interest-expense' }],
  ['system_account', { systemAccount: 'Cash' }],
  ['system_account', { systemAccount: 'a'.repeat(32) }],
])('%s is refused: %j', (field, wrong) => {
  expect(() => validateCreateDeposit({ ...command, ...wrong })).toThrow(
    expect.objectContaining({ code: 'malformed', fields: [expect.objectContaining({ field })] }),
  );
});

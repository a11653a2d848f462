import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { onceOnlySuite } from '../testing/bank-suite/once-only.ts';
import { type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';
import { PLAIN_TRANSACTION } from '../testing/plain-transaction.ts';

onceOnlySuite(openMemoryBank);

let bank: MemoryBank;
let calls: Calls;
let owner: string;
let account: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
  owner = await calls.registerAlice();
});
beforeEach(async () => {
  account = await calls.openAccount(owner);
});
afterAll(() => bank.close());

const pay = (fields: object = {}, query = '', headers = {}) =>
  calls.post(
    `/transactions/interest${query}`,
    { account_id: account, amount: '2.50', period: '2026-09', ...fields },
    headers,
  );

it('is answered with its period', async () => {
  const paid = await pay({ description: 'Interest of September' });
  expect(paid.statusCode).toBe(200);
  expect(paid.json()).toEqual({
    id: account,
    balance: '2.50',
    transaction: {
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      type: 'INTEREST',
      amount: '2.50',
      currency: 'USD',
      from_account_id: null,
      to_account_id: account,
      description: 'Interest of September',
      ...PLAIN_TRANSACTION,
      period: '2026-09',
    },
  });
});

it('is paid to each account for the same period', async () => {
  await pay();
  const other = await calls.openAccount(owner);
  expect((await pay({ account_id: other })).statusCode).toBe(200);
});

it.each(['2026', '2026-Q1', '2026-Q4', '2026-01', '2026-12', '2024-02-29', '0001'])(
  'is paid for %s',
  async (period) => {
    expect((await pay({ period })).json()).toMatchObject({ transaction: { period } });
  },
);

it.each([
  '',
  '26',
  '2026-',
  '2026-Q0',
  '2026-Q5',
  '2026-q3',
  '2026-00',
  '2026-13',
  '2026-9',
  '2026-02-30',
  '2026-09-31',
  '2026-09-30T00:00:00Z',
  ' 2026',
  '2026\n',
  '２０２６',
  2026,
  null,
])('is not paid for %j', async (period) => {
  const answer = await pay({ period });
  expect(answer.json()).toMatchObject({ status: 400, code: 'malformed', errors: [{ field: 'period' }] });
});

it('is not paid without a period, and for none that was paid and reversed', async () => {
  expect((await pay({ period: undefined })).json()).toMatchObject({ errors: [{ field: 'period' }] });
  const { id } = (await pay()).json().transaction;
  const reversed = await calls.post(`/transactions/${id}/reversal`, {});
  expect(reversed.json()).toMatchObject({ balance: '0.00' });
  expect((await pay()).json()).toMatchObject({ status: 422, code: 'interest-already-recorded' });
});

it('leaves the period free where it was refused or only tried', async () => {
  expect((await pay({ amount: '0' })).json()).toMatchObject({ errors: [{ field: 'amount' }] });
  expect((await pay({}, '?dry_run=true')).statusCode).toBe(200);
  expect((await pay({}, '', { 'If-Match': '"7"' })).json()).toMatchObject({ status: 412 });
  expect((await pay()).statusCode).toBe(200);
  expect((await pay({}, '?dry_run=true')).json()).toMatchObject({ code: 'interest-already-recorded' });
});

it('takes If-Match', async () => {
  expect((await pay({}, '', { 'If-Match': '"0"' })).statusCode).toBe(200);
});

it('is refused where there is no account, and where it is frozen, closed or full', async () => {
  expect((await pay({ account_id: '0'.repeat(32) })).json()).toMatchObject({
    status: 404,
    code: 'account-not-found',
    errors: [{ field: 'account_id' }],
  });
  await calls.deposit(account, '9999999999999.00');
  expect((await pay()).json()).toMatchObject({ status: 422, code: 'balance-limit-exceeded' });
  await calls.post(`/accounts/${account}/withdrawal`, { amount: '9999999999999.00' });
  await calls.post(`/accounts/${account}/freeze`, {});
  expect((await pay()).json()).toMatchObject({ status: 422, code: 'account-frozen' });
  await calls.post(`/accounts/${account}/unfreeze`, {});
  await calls.post(`/accounts/${account}/close`, {});
  expect((await pay()).json()).toMatchObject({ status: 422, code: 'account-closed' });
});

it.each([
  ['system_account', 'cash'],
  ['fee', '1.00'],
  ['reverses', '0'.repeat(32)],
])('does not take %s', async (field, value) => {
  expect((await pay({ [field]: value })).json()).toMatchObject({ status: 400, errors: [{ field }] });
});

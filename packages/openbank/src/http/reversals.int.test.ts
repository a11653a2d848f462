import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';
import { PLAIN_TRANSACTION } from '../testing/plain-transaction.ts';

let bank: MemoryBank;
let calls: Calls;
let owner: string;
let a: string;
let b: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
  owner = await calls.registerAlice();
});
/** `a` has 10.00. */
beforeEach(async () => {
  [a, b] = [await calls.openAccount(owner), await calls.openAccount(owner)];
  await calls.deposit(a, '10.00');
});
afterAll(() => bank.close());

const NOBODY = '0'.repeat(32);
const reverse = (id: string, body: object = {}, headers = {}, query = '') =>
  calls.post(`/transactions/${id}/reversal${query}`, body, headers);
const transfer = (fields: object = {}) =>
  calls.post('/transactions/transfer', { from_account_id: a, to_account_id: b, amount: '4.00', ...fields });
const idIn = async (call: Promise<{ json(): { transaction: { id: string } } }>) =>
  (await call).json().transaction.id;

it('of a deposit takes the money out again, with remarks of its own', async () => {
  const id = await idIn(calls.post(`/accounts/${b}/deposit`, { amount: '3.00', reference: 'first' }));
  const remarks = {
    description: 'Booked by mistake',
    reference: 'second',
    metadata: { clerk: '7' },
    value_date: '2026-01-02',
  };
  const reversed = await reverse(id, remarks);
  expect(reversed.statusCode).toBe(200);
  expect(reversed.json()).toEqual({
    id: b,
    balance: '0.00',
    transaction: {
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      type: 'REVERSAL',
      amount: '3.00',
      currency: 'USD',
      from_account_id: b,
      to_account_id: null,
      ...PLAIN_TRANSACTION,
      ...remarks,
      reverses: id,
    },
  });
});

it.each([
  ['withdrawal', () => calls.post(`/accounts/${a}/withdrawal`, { amount: '10.00' })],
  ['fee', () => calls.post('/transactions/fee', { account_id: a, amount: '10.00' })],
])('of a %s gives the money back', async (_, call) => {
  const answer = await reverse(await idIn(call()));
  expect(answer.json()).toMatchObject({ id: a, balance: '10.00', transaction: { to_account_id: a } });
});

it('needs no body', async () => {
  const id = await idIn(calls.deposit(b, '1.00'));
  const key = { 'Idempotency-Key': `no-body-${b}` };
  const url = `/api/v1/transactions/${id}/reversal`;
  const first = await bank.app.inject({ method: 'POST', url, headers: key });
  expect(first.json()).toMatchObject({ balance: '0.00', transaction: { description: null } });
  const again = await reverse(id, {}, key);
  expect(again.headers['idempotency-replayed']).toBe('true');
  expect(again.body).toBe(first.body);
});

it('is refused where the money was spent meanwhile, and done when it is there again', async () => {
  const id = await idIn(calls.deposit(b, '5.00'));
  await calls.post(`/accounts/${b}/withdrawal`, { amount: '0.01' });
  const key = { 'Idempotency-Key': `spent-${b}` };
  expect((await reverse(id, {}, key)).json()).toMatchObject({
    status: 422,
    code: 'insufficient-funds',
    errors: [{ field: 'id' }],
  });
  await calls.deposit(b, '0.01');
  expect((await reverse(id, {}, key)).json()).toMatchObject({ balance: '0.00' });
});

it('may use the overdraft of who gives back', async () => {
  const account = await calls.openAccount(owner, { overdraft_limit: '5.00' });
  const id = await idIn(calls.deposit(account, '5.00'));
  await calls.post(`/accounts/${account}/withdrawal`, { amount: '5.00' });
  expect((await reverse(id)).json()).toMatchObject({ balance: '-5.00' });
});

it('of a transfer is refused where its payee pays nothing out, and done where its payer pays nothing', async () => {
  const id = await idIn(transfer());
  await calls.post(`/accounts/${b}/freeze`, { status: 'FROZEN_DEBIT' });
  expect((await reverse(id)).json()).toMatchObject({ status: 422, code: 'account-frozen' });
  await calls.post(`/accounts/${b}/unfreeze`, {});
  await calls.post(`/accounts/${a}/freeze`, { status: 'FROZEN_DEBIT' });
  expect((await reverse(id)).json()).toMatchObject({ id: b, balance: '0.00' });
});

it('of a transfer is refused where one of its accounts is closed or frozen altogether', async () => {
  const id = await idIn(transfer({ amount: '10.00' }));
  await calls.post(`/accounts/${a}/close`, {});
  expect((await reverse(id)).json()).toMatchObject({ status: 422, code: 'account-closed' });
  const deposited = await idIn(calls.deposit(b, '1.00'));
  await calls.post(`/accounts/${b}/freeze`, {});
  expect((await reverse(deposited)).json()).toMatchObject({ status: 422, code: 'account-frozen' });
});

it('of a transfer leaves its fee, which is reversed by itself', async () => {
  const { transaction, fee } = (await transfer({ fee: '1.00' })).json();
  expect((await reverse(transaction.id)).json()).toMatchObject({ id: b, balance: '0.00' });
  expect((await calls.deposit(a, '1.00')).json().balance).toBe('10.00');
  expect((await reverse(fee.id)).json()).toMatchObject({
    id: a,
    balance: '11.00',
    transaction: { reverses: fee.id, charged_for: null, amount: '1.00' },
  });
});

it('is refused of a reversal', async () => {
  const id = await idIn(reverse(await idIn(calls.deposit(b, '1.00'))));
  expect((await reverse(id)).json()).toMatchObject({
    status: 422,
    code: 'not-reversible',
    errors: [{ field: 'id' }],
  });
});

it('is done once, whatever the key, and refused as done even where it could not be done', async () => {
  const id = await idIn(calls.deposit(b, '1.00'));
  const key = { 'Idempotency-Key': `once-${b}` };
  const first = await reverse(id, {}, key);
  expect((await reverse(id, {}, key)).body).toBe(first.body);
  for (const other of [{}, { 'Idempotency-Key': `twice-${b}` }])
    expect((await reverse(id, {}, other)).json()).toMatchObject({ code: 'already-reversed' });
  await calls.post(`/accounts/${b}/close`, {});
  expect((await reverse(id)).json()).toMatchObject({ status: 422, code: 'already-reversed' });
  expect((await reverse(id, {}, key)).body).toBe(first.body);
  expect((await reverse(id, { description: 'x' }, key)).json()).toMatchObject({
    code: 'idempotency-key-reused',
  });
});

it('shows on statements what it takes back', async () => {
  const id = await idIn(transfer());
  const reversed = await reverse(id);
  const { transaction } = reversed.json();
  for (const [account, amount, counterparty] of [
    [a, '4.00', b],
    [b, '-4.00', a],
  ]) {
    const at = `min_position=${reversed.headers['openbank-position']}`;
    const { data } = (await calls.get(`/accounts/${account}/transactions?type=REVERSAL&${at}`)).json();
    expect(data).toMatchObject([
      { transaction_id: transaction.id, reverses: id, amount, counterparty_account_id: counterparty },
    ]);
  }
});

it('takes If-Match for the account that gives back', async () => {
  const id = await idIn(transfer());
  expect((await reverse(id, {}, { 'If-Match': '"0"' })).json()).toMatchObject({ status: 412 });
  expect((await reverse(id, {}, { 'If-Match': '"1"' })).statusCode).toBe(200);
});

it('only tried takes nothing back', async () => {
  const id = await idIn(calls.deposit(b, '1.00'));
  const tried = await reverse(id, {}, {}, '?dry_run=true');
  expect(tried.json()).toMatchObject({ balance: '0.00', transaction: { reverses: id } });
  expect((await reverse(id)).statusCode).toBe(200);
  expect((await reverse(id, {}, {}, '?dry_run=true')).json()).toMatchObject({ code: 'already-reversed' });
});

it('is refused of what is not there, with an id that is none, and with what it does not take', async () => {
  expect((await reverse(NOBODY)).json()).toMatchObject({ status: 404, code: 'transaction-not-found' });
  expect((await reverse('x')).json()).toMatchObject({ status: 400, errors: [{ field: 'id' }] });
  const id = await idIn(calls.deposit(b, '1.00'));
  for (const [field, value] of [
    ['amount', '1.00'],
    ['value_date', '2026-02-30'],
    ['reference', ''],
  ] as const)
    expect((await reverse(id, { [field]: value })).json()).toMatchObject({
      status: 400,
      errors: [{ field }],
    });
  const body = await bank.app.inject({
    method: 'POST',
    url: `/api/v1/transactions/${id}/reversal`,
    headers: { 'content-type': 'application/json' },
    payload: 'null',
  });
  expect(body.json()).toMatchObject({ status: 400, errors: [{ field: 'body' }] });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookUpsSuite } from '../testing/bank-suite/look-ups.ts';
import { type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

describe('what the log tells', () => lookUpsSuite(openMemoryBank));

let bank: MemoryBank;
let calls: Calls;
let account: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
  account = await calls.openAccount(await calls.registerAlice());
});
afterAll(() => bank.close());

const find = (key: string, more = '') =>
  calls.get(`/transactions?idempotency_key=${encodeURIComponent(key)}${more}`);

it('a key is found whatever visible characters it has', async () => {
  const key = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
  const deposited = await calls.deposit(account, '1.00', { 'Idempotency-Key': key });
  expect((await find(key)).json().data).toEqual([deposited.json().transaction]);
  expect((await find(key.slice(0, -1))).json().data).toEqual([]);
});

it('the items of an independent batch are found under keys of their own alone', async () => {
  const item = { type: 'deposit', account_id: account, amount: '1.00' };
  const items = [item, { ...item, idempotency_key: 'own' }, { ...item, amount: '0' }];
  const done = await calls.post(
    '/transactions/batch',
    { mode: 'independent', items },
    { 'Idempotency-Key': 'parts' },
  );
  const [first, second] = done.json().items;
  expect((await find('parts/0')).json().data).toEqual([first.transaction]);
  expect((await find('own')).json().data).toEqual([second.transaction]);
  for (const key of ['parts', 'parts/1', 'parts/2', 'parts/3'])
    expect((await find(key)).json().data).toEqual([]);
});

it('what was repeated is found once', async () => {
  const key = { 'Idempotency-Key': 'repeated' };
  await calls.deposit(account, '1.00', key);
  await calls.deposit(account, '1.00', key);
  expect((await find('repeated')).json().data).toHaveLength(1);
});

it('what was only tried is not found', async () => {
  const headers = { 'Idempotency-Key': 'tried' };
  await calls.post(`/accounts/${account}/deposit?dry_run=true`, { amount: 1 }, headers);
  expect((await find('tried')).json().data).toEqual([]);
});

it.each([
  ['', 'idempotency_key'],
  ['?idempotency_key=', 'idempotency_key'],
  ['?idempotency_key=two%20words', 'idempotency_key'],
  ['?idempotency_key=%C3%BC', 'idempotency_key'],
  [`?idempotency_key=${'k'.repeat(262)}`, 'idempotency_key'],
  ['?idempotency_key=a&idempotency_key=b', 'idempotency_key'],
  ['?idempotency_key=a&limit=1', 'limit'],
  ['?idempotency_key=a&min_position=x', 'min_position'],
  ['?idempotency_key=a&as_of_position=0000000000000001', 'as_of_position'],
])('GET /transactions%s is refused and names %s', async (query, field) => {
  const answer = await calls.get(`/transactions${query}`);
  expect(answer.json()).toMatchObject({ status: 400, code: 'malformed', errors: [{ field }] });
});

it('is found at once where the read models stay behind, unless a position is asked for', async () => {
  const late = await openMemoryBank({ patience: 50 });
  const there = callsTo(late.app);
  const id = await there.openAccount(await there.registerAlice());
  await there.get(`/accounts/${id}/transactions`);
  await late.pauseProjections();
  const deposited = await there.deposit(id, '1.00', { 'Idempotency-Key': 'late' });
  const found = await there.get('/transactions?idempotency_key=late');
  expect(found.json().data).toEqual([deposited.json().transaction]);
  const at = `min_position=${deposited.headers['openbank-position']}`;
  const behind = await there.get(`/transactions?idempotency_key=late&${at}`);
  expect(behind.json()).toMatchObject({ status: 503, code: 'read-model-behind' });
  await late.close();
});

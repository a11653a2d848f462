import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ALICE, type Calls, callsTo, type Headers } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

let bank: MemoryBank;
let calls: Calls;
let owner: string;
let account: string;
let other: string;
let deposited: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
});
/** The account has 10.00. */
beforeEach(async () => {
  owner = await calls.registerAlice();
  [account, other] = [await calls.openAccount(owner), await calls.openAccount(owner)];
  deposited = (await calls.deposit(account, '10.00')).json().transaction.id;
});
afterAll(() => bank.close());

const head = async (): Promise<string> => (await bank.app.inject('/health/ready')).json().head;

interface Write {
  readonly method: 'POST' | 'PATCH' | 'PUT';
  readonly path: string;
  readonly payload: object;
}

const send = ({ method, path, payload }: Write, query = '', headers: Headers = {}) =>
  bank.app.inject({ method, url: `/api/v1${path}${query}`, payload, headers });

const post = (path: string, payload: object): Write => ({ method: 'POST', path, payload });

/** Every write of the bank, one that is done. */
const WRITES: readonly [string, () => Write][] = [
  ['a registration', () => post('/persons', ALICE)],
  ['a correction', () => ({ method: 'PATCH', path: `/persons/${owner}`, payload: { last_name: 'Jones' } })],
  ['an opening', () => post('/accounts', { owner_id: owner })],
  ['a deposit', () => post('/transactions/deposit', { account_id: account, amount: '1.00' })],
  ['a deposit by the path', () => post(`/accounts/${account}/deposit`, { amount: '1.00' })],
  ['a withdrawal', () => post('/transactions/withdrawal', { account_id: account, amount: '1.00' })],
  ['a withdrawal by the path', () => post(`/accounts/${account}/withdrawal`, { amount: '1.00' })],
  [
    'a transfer with a fee',
    () =>
      post('/transactions/transfer', {
        ...{ from_account_id: account, to_account_id: other, amount: '1.00', fee: '0.10' },
      }),
  ],
  ['interest', () => post('/transactions/interest', { account_id: account, amount: '1.00', period: '2026' })],
  ['a fee', () => post('/transactions/fee', { account_id: account, amount: '1.00' })],
  ['a reversal', () => post(`/transactions/${deposited}/reversal`, {})],
  [
    'a batch',
    () =>
      post('/transactions/batch', {
        mode: 'atomic',
        items: [{ type: 'deposit', account_id: account, amount: '1.00' }],
      }),
  ],
  ['freezing', () => post(`/accounts/${account}/freeze`, {})],
  ['closing', () => post(`/accounts/${other}/close`, {})],
  [
    'a new limit',
    () => ({
      method: 'PUT',
      path: `/accounts/${account}/overdraft-limit`,
      payload: { overdraft_limit: '5.00' },
    }),
  ],
];

/** An answer without what each call makes anew: ids and times. */
function comparable(body: string): string {
  return body
    .replaceAll(/"(id|charged_for)":"[0-9a-f]{32}"/g, '"$1":"new"')
    .replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"time"');
}

it.each(WRITES)('of %s answers as the call right after it does, and records nothing', async (_, write) => {
  const wanted = write();
  const before = await head();
  const tried = await send(wanted, '?dry_run=true');
  expect(await head()).toBe(before);
  expect(tried.headers['openbank-dry-run']).toBe('true');
  for (const header of ['openbank-position', 'location', 'etag', 'idempotency-replayed'])
    expect(tried.headers).not.toHaveProperty(header);
  const done = await send(wanted);
  expect(done.headers).not.toHaveProperty('openbank-dry-run');
  expect(done.headers).toHaveProperty('openbank-position');
  expect(tried.statusCode).toBe(done.statusCode);
  expect(comparable(tried.body)).toBe(comparable(done.body));
});

it.each(WRITES)(
  'of %s uses no key up, and says of one that is used what was answered',
  async (name, write) => {
    const wanted = write();
    const key = { 'Idempotency-Key': `dry-${name.replaceAll(' ', '-')}-${account}` };
    await send(wanted, '?dry_run=true', key);
    const done = await send(wanted, '', key);
    expect(done.statusCode).toBeLessThan(300);
    expect(done.headers).not.toHaveProperty('idempotency-replayed');
    const before = await head();
    const tried = await send(wanted, '?dry_run=true', key);
    expect(tried.headers).toMatchObject({ 'openbank-dry-run': 'true', 'idempotency-replayed': 'true' });
    expect(tried.statusCode).toBe(done.statusCode);
    expect(tried.body.replace('"replayed":true', '"replayed":false')).toBe(done.body);
    expect(await head()).toBe(before);
  },
);

it.each<[string, () => Write, number, string]>([
  ['too much', () => post(`/accounts/${account}/withdrawal`, { amount: '10.01' }), 422, 'insufficient-funds'],
  ['nowhere', () => post(`/accounts/${'0'.repeat(32)}/deposit`, { amount: 1 }), 404, 'account-not-found'],
  ['a wrong amount', () => post(`/accounts/${account}/deposit`, { amount: '1.001' }), 400, 'malformed'],
  ['no owner', () => post('/accounts', { owner_id: '0'.repeat(32) }), 404, 'person-not-found'],
  [
    'no transaction',
    () => post(`/transactions/${'0'.repeat(32)}/reversal`, {}),
    404,
    'transaction-not-found',
  ],
  ['not frozen', () => post(`/accounts/${account}/unfreeze`, {}), 422, 'account-not-frozen'],
  ['not empty', () => post(`/accounts/${account}/close`, {}), 422, 'balance-not-zero'],
])('of a call that is refused says so: %s', async (_, write, status, code) => {
  const tried = await send(write(), '?dry_run=true');
  expect(tried.json()).toMatchObject({ status, code });
  expect((await send(write())).body).toBe(tried.body);
});

it('refuses a key that another call has used, and a stale If-Match', async () => {
  const key = { 'Idempotency-Key': `used-${account}` };
  await calls.deposit(account, '1.00', key);
  const wanted = post('/transactions/deposit', { account_id: account, amount: '2.00', description: 'Test' });
  expect((await send(wanted, '?dry_run=true', key)).json()).toMatchObject({ code: 'idempotency-key-reused' });
  const stale = await send(wanted, '?dry_run=true', { 'If-Match': '"0"' });
  expect(stale.json()).toMatchObject({ status: 412, code: 'precondition-failed' });
  expect((await send(wanted, '?dry_run=true', { 'If-Match': '"2"' })).statusCode).toBe(200);
});

it('shows nothing of what was only tried', async () => {
  const tried = await send(post('/persons', ALICE), '?dry_run=true');
  expect((await calls.get(`/persons/${tried.json().id}`)).statusCode).toBe(404);
  const opened = await send(post('/accounts', { owner_id: owner }), '?dry_run=true');
  expect((await calls.get(`/accounts/${opened.json().id}`)).statusCode).toBe(404);
  const booked = await send(post(`/accounts/${account}/deposit`, { amount: 1 }), '?dry_run=true');
  expect((await calls.get(`/transactions/${booked.json().transaction.id}`)).statusCode).toBe(404);
});

it('is none where it is said to be none', async () => {
  const done = await send(post(`/accounts/${account}/deposit`, { amount: '1.00' }), '?dry_run=false');
  expect(done.headers).toHaveProperty('openbank-position');
  expect((await calls.deposit(account, '1.00')).json().balance).toBe('12.00');
});

it.each(WRITES)('of %s is true or false, said once', async (_, write) => {
  for (const query of [
    'dry_run=maybe',
    'dry_run=',
    'dry_run=1',
    'dry_run=TRUE',
    'dry_run=true&dry_run=true',
  ]) {
    const answer = await send(write(), `?${query}`);
    expect(answer.json(), query).toMatchObject({ status: 400, errors: [{ field: 'dry_run' }] });
  }
  const answer = await send(write(), '?dryrun=true');
  expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'dryrun' }] });
});

it.each([
  '/persons',
  '/accounts',
  '/trial-balance',
  '/transactions?idempotency_key=k&',
  () => `/persons/${owner}`,
  () => `/accounts/${account}`,
  () => `/accounts/by-owner/${owner}`,
  () => `/accounts/${account}/transactions`,
  () => `/accounts/${account}/events`,
  () => `/transactions/${deposited}`,
])('is refused of the read %s', async (path) => {
  const url = typeof path === 'string' ? path : path();
  const answer = await calls.get(`${url}${url.endsWith('&') ? '' : '?'}dry_run=true`);
  expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'dry_run' }] });
});

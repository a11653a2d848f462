import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Calls, callsTo, type Headers } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

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
  account = await calls.openAccount(owner, { overdraft_limit: '100.00' });
});
afterAll(() => bank.close());

const NOBODY = '0'.repeat(32);
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
const freeze = (body: object = {}, headers?: Headers) =>
  calls.post(`/accounts/${account}/freeze`, body, headers);
const unfreeze = (headers?: Headers) => calls.post(`/accounts/${account}/unfreeze`, {}, headers);
const close = (headers?: Headers) => calls.post(`/accounts/${account}/close`, {}, headers);
const changeLimit = (overdraft_limit: unknown, headers: Headers = {}, id = account) =>
  bank.app.inject({
    method: 'PUT',
    url: `/api/v1/accounts/${id}/overdraft-limit`,
    payload: { overdraft_limit },
    headers,
  });
const withdraw = (amount: string) => calls.post(`/accounts/${account}/withdrawal`, { amount });
const withoutBody = (call: string, headers = {}) =>
  bank.app.inject({ method: 'POST', url: `/api/v1/accounts/${account}/${call}`, headers });
/** The account as a read shows it that waits for a write. */
const shownAfter = (answer: { readonly headers: Readonly<Record<string, unknown>> }) =>
  calls.get(`/accounts/${account}?min_position=${answer.headers['openbank-position']}`);

describe('freezing', () => {
  it('refuses all but unfreezing, unless it is asked for less', async () => {
    const answer = await freeze();
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ id: account, status: 'FROZEN', changed_at: TIME });
    expect(answer.headers.etag).toBe('"1"');
    expect((await shownAfter(answer)).json()).toMatchObject({ status: 'FROZEN' });
    const refused = await calls.deposit(account, 1);
    expect(refused.json()).toMatchObject({
      status: 422,
      code: 'account-frozen',
      errors: [{ field: 'account_id', message: 'must not be frozen' }],
    });
    for (const refusal of [await freeze(), await close(), await changeLimit(1)]) {
      expect(refusal.json()).toMatchObject({ status: 422, code: 'account-frozen' });
      expect(refusal.json()).not.toHaveProperty('errors');
    }
  });

  it('for what takes money out takes money in, and can go further', async () => {
    const answer = await freeze({ status: 'FROZEN_DEBIT' });
    expect(answer.json()).toMatchObject({ status: 'FROZEN_DEBIT' });
    expect((await calls.deposit(account, 1)).statusCode).toBe(200);
    expect((await withdraw('1.00')).json()).toMatchObject({ status: 422, code: 'account-frozen' });
    expect((await freeze({ status: 'FROZEN_DEBIT' })).json()).toMatchObject({ code: 'account-frozen' });
    expect((await freeze({ status: 'FROZEN' })).json()).toMatchObject({ status: 'FROZEN' });
    expect((await freeze({ status: 'FROZEN_DEBIT' })).json()).toMatchObject({ code: 'account-frozen' });
  });

  it('finds its accounts by their status', async () => {
    const answer = await freeze({ status: 'FROZEN_DEBIT' });
    const position = answer.headers['openbank-position'];
    const frozen = await calls.get(`/accounts?status=FROZEN_DEBIT&limit=200&min_position=${position}`);
    expect(frozen.json().data).toContainEqual(expect.objectContaining({ id: account }));
  });

  it.each([
    [{ status: 'OPEN' }, 'status', 'must be FROZEN_DEBIT or FROZEN'],
    [{ status: 'CLOSED' }, 'status', 'must be FROZEN_DEBIT or FROZEN'],
    [{ status: null }, 'status', 'must be FROZEN_DEBIT or FROZEN'],
    [{ reason: 'fraud' }, 'reason', 'is not a known field: remove it'],
    [[], 'body', 'must be a JSON object'],
  ])('refuses %j and names %s', async (body, field, message) => {
    const answer = await freeze(body);
    expect(answer.json()).toMatchObject({ status: 400, code: 'malformed', errors: [{ field, message }] });
  });
});

describe('unfreezing', () => {
  it.each(['FROZEN_DEBIT', 'FROZEN'])('opens an account again that is %s', async (status) => {
    await freeze({ status });
    const answer = await unfreeze();
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ id: account, status: 'OPEN', changed_at: TIME });
    expect(answer.headers.etag).toBe('"2"');
    expect((await withdraw('1.00')).statusCode).toBe(200);
  });

  it('is refused where there is nothing to undo', async () => {
    expect((await unfreeze()).json()).toMatchObject({ status: 422, code: 'account-not-frozen' });
  });
});

describe('closing', () => {
  it('is for good, and the account is read as before', async () => {
    await calls.deposit(account, '5.00');
    await withdraw('5.00');
    const answer = await close();
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ id: account, status: 'CLOSED', changed_at: TIME });
    expect(answer.headers.etag).toBe('"3"');
    expect((await shownAfter(answer)).json()).toMatchObject({ status: 'CLOSED', balance: '0.00' });
    expect((await calls.get(`/accounts/${account}/transactions`)).json().data).toHaveLength(2);
    for (const refusal of [
      await close(),
      await freeze(),
      await unfreeze(),
      await changeLimit(1),
      await calls.deposit(account, 1),
      await withdraw('1.00'),
    ]) {
      expect(refusal.json()).toMatchObject({ status: 422, code: 'account-closed' });
    }
  });

  it.each(['deposit', 'withdrawal'])('is refused after a %s, while the balance is not zero', async (kind) => {
    await calls.post(`/accounts/${account}/${kind}`, { amount: '0.01' });
    expect((await close()).json()).toMatchObject({ status: 422, code: 'balance-not-zero' });
  });

  it('does with an account that pays nothing out, but not with one that is frozen altogether', async () => {
    await freeze({ status: 'FROZEN' });
    expect((await close()).json()).toMatchObject({ status: 422, code: 'account-frozen' });
    await unfreeze();
    await freeze({ status: 'FROZEN_DEBIT' });
    expect((await close()).json()).toMatchObject({ status: 'CLOSED' });
  });
});

describe('the overdraft limit', () => {
  it('is answered with what it makes available', async () => {
    await withdraw('30.00');
    const answer = await changeLimit('50.5');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      id: account,
      currency: 'USD',
      balance: '-30.00',
      overdraft_limit: '50.50',
      available_balance: '20.50',
      changed_at: TIME,
    });
    expect(answer.headers.etag).toBe('"2"');
    expect((await shownAfter(answer)).json()).toMatchObject({
      overdraft_limit: '50.50',
      available_balance: '20.50',
    });
    expect((await withdraw('20.51')).json()).toMatchObject({ code: 'insufficient-funds' });
  });

  it('goes no further down than what is used', async () => {
    await withdraw('30.00');
    expect((await changeLimit('29.99')).json()).toMatchObject({
      status: 422,
      code: 'overdraft-limit-in-use',
      errors: [{ field: 'overdraft_limit' }],
    });
    expect((await changeLimit(30)).json()).toMatchObject({ available_balance: '0.00' });
  });

  it('goes up to 10^15 minor units', async () => {
    expect((await changeLimit('10000000000000.00')).statusCode).toBe(200);
    expect((await changeLimit('10000000000000.01')).json()).toMatchObject({
      status: 422,
      code: 'overdraft-limit-too-high',
      errors: [{ field: 'overdraft_limit' }],
    });
  });

  it.each([undefined, null, -1, '-1', '1e3', 'NaN', '1.001', 0.001, true])(
    'refuses %j and names it',
    async (limit) => {
      const answer = await changeLimit(limit);
      expect(answer.json()).toMatchObject({
        status: 400,
        code: 'malformed',
        errors: [{ field: 'overdraft_limit' }],
      });
    },
  );
});

describe.each([
  ['freeze', (headers?: Headers) => freeze({}, headers)],
  ['unfreeze', unfreeze],
  ['close', close],
  ['overdraft-limit', (headers?: Headers) => changeLimit(7, headers)],
])('%s', (what, call) => {
  beforeEach(async () => {
    if (what === 'unfreeze') await freeze();
  });

  it('finds no account that there is not', async () => {
    account = NOBODY;
    expect((await call()).json()).toMatchObject({ status: 404, code: 'account-not-found' });
    account = 'x';
    expect((await call()).json()).toMatchObject({ status: 400, errors: [{ field: 'id' }] });
  });

  it('gives its first answer again under its key, and takes the key for nothing else', async () => {
    const headers = { 'Idempotency-Key': `${what}-${account}` };
    const first = await call(headers);
    expect(first.statusCode).toBe(200);
    const repeated = await call(headers);
    expect(repeated.body).toBe(first.body);
    expect(repeated.headers).toMatchObject({ 'idempotency-replayed': 'true', etag: first.headers.etag });
    const other = await calls.deposit(account, 1, headers);
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  });

  it('is done only on what the caller has seen', async () => {
    const stale = await call({ 'If-Match': '"7"' });
    expect(stale.json()).toMatchObject({ status: 412, code: 'precondition-failed' });
    const seen = what === 'unfreeze' ? '"1"' : '"0"';
    expect((await call({ 'If-Match': seen })).statusCode).toBe(200);
  });

  it('in a dry run answers the same, and changes nothing', async () => {
    const method = what === 'overdraft-limit' ? 'PUT' : 'POST';
    const payload = what === 'overdraft-limit' ? { overdraft_limit: 7 } : {};
    const url = `/api/v1/accounts/${account}/${what}?dry_run=true`;
    const tried = await bank.app.inject({ method, url, payload });
    expect(tried.statusCode).toBe(200);
    expect(tried.headers).toMatchObject({ 'openbank-dry-run': 'true' });
    expect(tried.headers).not.toHaveProperty('openbank-position');
    expect(tried.headers).not.toHaveProperty('etag');
    const done = await call();
    expect(done.json()).toEqual({ ...tried.json(), changed_at: TIME });
  });
});

describe.each(['freeze', 'unfreeze', 'close'])('%s without a body', (what) => {
  beforeEach(async () => {
    if (what === 'unfreeze') await freeze();
  });

  it('is the same request as with an empty one', async () => {
    const headers = { 'Idempotency-Key': `${what}-nothing-${account}` };
    const first = await withoutBody(what, headers);
    expect(first.statusCode).toBe(200);
    const repeated = await calls.post(`/accounts/${account}/${what}`, {}, headers);
    expect(repeated.body).toBe(first.body);
    expect(repeated.headers['idempotency-replayed']).toBe('true');
  });

  it('is not the same as with null, nor with what is no JSON', async () => {
    for (const payload of ['null', '']) {
      const headers = { 'content-type': 'application/json' };
      const url = `/api/v1/accounts/${account}/${what}`;
      const answer = await bank.app.inject({ method: 'POST', url, headers, payload });
      expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'body' }] });
    }
  });

  it('is documented so', () => {
    const document = JSON.parse(JSON.stringify(bank.app.swagger()));
    const { requestBody } = document.paths[`/api/v1/accounts/{id}/${what}`].post;
    expect(requestBody.required).toBe(false);
  });
});

describe("an account's reference", () => {
  it('is answered and read, and finds the account', async () => {
    const reference = `savings-${account}`;
    const opened = await calls.post('/accounts', { owner_id: owner, reference });
    expect(opened.json()).toMatchObject({ reference });
    expect(opened.headers.etag).toBe('"0"');
    const position = opened.headers['openbank-position'];
    const found = await calls.get(`/accounts?reference=${reference}&min_position=${position}`);
    expect(found.json().data).toMatchObject([{ id: opened.json().id, reference }]);
    const others = await calls.get(`/accounts?reference=${reference}&status=CLOSED`);
    expect(others.json().data).toEqual([]);
    expect((await calls.get(`/accounts?reference=x${reference}`)).json().data).toEqual([]);
  });

  it('is null where none is given', async () => {
    for (const body of [{ owner_id: owner }, { owner_id: owner, reference: null }]) {
      expect((await calls.post('/accounts', body)).json()).toMatchObject({ reference: null });
    }
  });

  it.each(['', ' ', 'a\nb', 'x'.repeat(101), 7])('is not %j', async (reference) => {
    const answer = await calls.post('/accounts', { owner_id: owner, reference });
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'reference' }] });
  });
});

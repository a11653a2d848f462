import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

let bank: MemoryBank;
let calls: Calls;
let owner: string;
let account: string;
let other: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
  owner = await calls.registerAlice();
});
/** The account has 10.00. */
beforeEach(async () => {
  [account, other] = [await calls.openAccount(owner), await calls.openAccount(owner)];
  await calls.deposit(account, '10.00');
});
afterAll(() => bank.close());

type Remarks = Readonly<Record<string, unknown>>;

/** Every call that records a transaction. */
const CALLS: readonly [string, (remarks: Remarks) => ReturnType<Calls['post']>][] = [
  ['deposit', (said) => calls.post('/transactions/deposit', { account_id: account, amount: 1, ...said })],
  ['deposit by the path', (said) => calls.post(`/accounts/${account}/deposit`, { amount: 1, ...said })],
  [
    'withdrawal',
    (said) => calls.post('/transactions/withdrawal', { account_id: account, amount: 1, ...said }),
  ],
  ['withdrawal by the path', (said) => calls.post(`/accounts/${account}/withdrawal`, { amount: 1, ...said })],
  [
    'transfer',
    (said) =>
      calls.post('/transactions/transfer', {
        ...{ from_account_id: account, to_account_id: other, amount: 1, ...said },
      }),
  ],
  ['fee', (said) => calls.post('/transactions/fee', { account_id: account, amount: 1, ...said })],
  [
    'interest',
    (said) =>
      calls.post('/transactions/interest', { account_id: account, amount: 1, period: '2026', ...said }),
  ],
  [
    'reversal',
    async (said) => {
      const { id } = (await calls.deposit(account, '1.00')).json().transaction;
      return calls.post(`/transactions/${id}/reversal`, said);
    },
  ],
];

const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, nth) => [`name-${nth}`, String(nth)]));

describe.each(CALLS)('what is said of a %s', (_, call) => {
  it('is answered, and shown with the transaction, on statements and in the history', async () => {
    const said = {
      description: 'For the books',
      reference: 'invoice-4711',
      metadata: { order: '4711', shop: 'north' },
      value_date: '2024-02-29',
    };
    const answer = await call(said);
    expect(answer.statusCode).toBe(200);
    const { id, transaction } = answer.json();
    expect(transaction).toMatchObject(said);
    const at = `min_position=${answer.headers['openbank-position']}`;
    expect((await calls.get(`/transactions/${transaction.id}?${at}`)).json()).toEqual(transaction);
    const [line] = (await calls.get(`/accounts/${id}/transactions?limit=1&${at}`)).json().data;
    expect(line).toMatchObject({ transaction_id: transaction.id, ...said });
    const { data } = (await calls.get(`/accounts/${id}/events`)).json();
    const { description, ...clear } = said;
    expect(data.at(-1)).toMatchObject({ data: { transaction: clear }, personal: { description } });
    expect(JSON.stringify(data.at(-1).data)).not.toContain(description);
  });

  it.each([{}, { description: null, reference: null, metadata: null, value_date: null }])(
    'is nothing where nothing is said, as by %j, on the day of the booking',
    async (said) => {
      const { transaction } = (await call(said)).json();
      expect(transaction).toMatchObject({ description: null, reference: null, metadata: null });
      expect(transaction.value_date).toBe(transaction.booked_at.slice(0, 10));
    },
  );

  it.each<[string, unknown]>([
    ['description', 'x'.repeat(501)],
    ['description', 'two\nlines'],
    ['description', 7],
    ['reference', ''],
    ['reference', ' '],
    ['reference', 'r'.repeat(101)],
    ['reference', 'two\nlines'],
    ['reference', 7],
    ['reference', ['a']],
    ['value_date', '2026-02-30'],
    ['value_date', '2023-02-29'],
    ['value_date', '2026-00-10'],
    ['value_date', '2026-13-01'],
    ['value_date', '2026-1-1'],
    ['value_date', '20260101'],
    ['value_date', '2026-01-01T00:00:00Z'],
    ['value_date', ''],
    ['value_date', 20260101],
    ['metadata', 'text'],
    ['metadata', []],
    ['metadata', many(21)],
    ['metadata', { ['n'.repeat(41)]: 'x' }],
    ['metadata', { '': 'x' }],
    ['metadata', { ' ': 'x' }],
    ['metadata', { 'a\u0000b': 'x' }],
    ['metadata', { a: 'v'.repeat(201) }],
    ['metadata', { a: 'two\nlines' }],
    ['metadata', { a: 7 }],
    ['metadata', { a: null }],
    ['metadata', { a: { b: 'c' } }],
    ['metadata', { a: ['b'] }],
  ])('is refused and named: %s %j', async (field, value) => {
    const answer = await call({ [field]: value });
    expect(answer.json()).toMatchObject({ status: 400, code: 'malformed' });
    for (const error of answer.json().errors) {
      expect(error.field).toMatch(new RegExp(`^${field}(\\.|$)`));
      expect(error.message).toMatch(/^(must|is) /);
    }
  });
});

const deposit = (said: Remarks) => calls.post(`/accounts/${account}/deposit`, { amount: '1.00', ...said });

it.each<[string, object]>([
  ['twenty members', many(20)],
  ['none', {}],
  ['the longest name', { ['n'.repeat(40)]: 'x' }],
  ['the longest value', { a: 'v'.repeat(200) }],
  ['an empty value', { a: '' }],
  ['forty characters of two units each', { ['\u{1f600}'.repeat(40)]: '\u{1f600}'.repeat(200) }],
  ['names that objects have anyway', { constructor: 'a', toString: 'b', hasOwnProperty: 'c', valueOf: 'd' }],
  ['names with dots, dollars and slashes', { 'a.b': '1', $where: '2', 'a/b': '3', '0': '4', length: '5' }],
])('metadata may have %s', async (_, metadata) => {
  const answer = await deposit({ metadata });
  expect(answer.statusCode).toBe(200);
  const { transaction } = answer.json();
  expect(transaction.metadata).toEqual(metadata);
  const at = `min_position=${answer.headers['openbank-position']}`;
  expect((await calls.get(`/transactions/${transaction.id}?${at}`)).json().metadata).toEqual(metadata);
  const [line] = (await calls.get(`/accounts/${account}/transactions?limit=1&${at}`)).json().data;
  expect(line.metadata).toEqual(metadata);
});

it.each([
  '{"__proto__": "x"}',
  '{"a": "b", "__proto__": {"c": "d"}}',
  '{"constructor": {"prototype": {"a": "b"}}}',
  '{"\\u005f_proto__": "x"}',
])('metadata is not %s', async (metadata) => {
  const answer = await bank.app.inject({
    method: 'POST',
    url: `/api/v1/accounts/${account}/deposit`,
    headers: { 'content-type': 'application/json' },
    payload: `{"amount": 1, "metadata": ${metadata}}`,
  });
  expect(answer.json()).toMatchObject({ status: 400, code: 'malformed' });
});

it.each(['metadata', 'reference', 'description'])('half a character is refused in %s', async (field) => {
  const value = field === 'metadata' ? '{"a": "\\ud800"}' : '"\\ud800"';
  const answer = await bank.app.inject({
    method: 'POST',
    url: `/api/v1/accounts/${account}/deposit`,
    headers: { 'content-type': 'application/json' },
    payload: `{"amount": 1, "${field}": ${value}}`,
  });
  expect(answer.json()).toMatchObject({ status: 400, errors: [{ field }] });
});

it.each(['0001-01-01', '2024-02-29', '2000-02-29', '9999-12-31'])(
  'money may count from %s',
  async (value_date) => {
    expect((await deposit({ value_date })).json().transaction).toMatchObject({ value_date });
  },
);

it('is part of the request that a key stands for', async () => {
  const key = { 'Idempotency-Key': `said-${account}` };
  const move = (said: Remarks) =>
    calls.post(`/accounts/${account}/deposit`, { amount: '1.00', ...said }, key);
  const first = await move({ reference: 'a', metadata: { b: '1', a: '2' } });
  expect((await move({ metadata: { a: '2', b: '1' }, reference: 'a' })).body).toBe(first.body);
  for (const said of [
    { reference: 'b' },
    { reference: 'a' },
    { reference: 'a', metadata: { a: '2', b: '2' } },
  ])
    expect((await move(said)).json()).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
});

describe('a reference', () => {
  it('finds the lines of a statement, page by page', async () => {
    let position = '';
    for (const [at, reference] of ['mine', 'yours', 'mine', 'mine ', 'Mine', 'mine'].entries()) {
      const { headers } = await deposit({ reference, amount: `${at + 1}.00` });
      position = String(headers['openbank-position']);
    }
    const seen: string[] = [];
    let cursor = '';
    do {
      const url = `/accounts/${account}/transactions?reference=mine&limit=1&min_position=${position}${cursor}`;
      const { data, page } = (await calls.get(url)).json();
      expect(data.length).toBeLessThanOrEqual(1);
      seen.push(...data.map((line: { amount: string }) => line.amount));
      cursor = page.has_more ? `&cursor=${page.next}` : '';
    } while (cursor !== '');
    expect(seen).toEqual(['6.00', '3.00', '1.00']);
  });

  it('finds with the other filters, and its cursor goes on with it alone', async () => {
    await deposit({ reference: 'both', amount: '1.00' });
    const { headers } = await deposit({ reference: 'both', amount: '2.00' });
    const list = (query: string) =>
      calls.get(`/accounts/${account}/transactions?min_position=${headers['openbank-position']}&${query}`);
    expect((await list('reference=both&min_amount=2')).json().data).toMatchObject([{ amount: '2.00' }]);
    expect((await list('reference=both&type=FEE')).json().data).toEqual([]);
    const { page } = (await list('reference=both&limit=1')).json();
    expect((await list(`reference=other&limit=1&cursor=${page.next}`)).json()).toMatchObject({
      status: 400,
      errors: [{ field: 'cursor' }],
    });
  });

  it('finds the accounts that were opened under it, page by page', async () => {
    const reference = `group-${account}`;
    const opened: string[] = [];
    for (let nth = 0; nth < 5; nth++) {
      opened.push(await calls.openAccount(owner, { reference }));
      await calls.openAccount(owner, { reference: `${reference}-${nth}` });
    }
    const { headers } = await deposit({});
    const seen: string[] = [];
    let cursor = '';
    do {
      const url = `/accounts?reference=${reference}&limit=2&min_position=${headers['openbank-position']}${cursor}`;
      const { data, page } = (await calls.get(url)).json();
      seen.push(...data.map(({ id }: { id: string }) => id));
      cursor = page.has_more ? `&cursor=${page.next}` : '';
    } while (cursor !== '');
    expect(seen).toEqual(opened);
  });

  it.each(['', 'r'.repeat(101)])('of %j filters nothing: it is refused', async (reference) => {
    for (const path of ['/accounts', `/accounts/${account}/transactions`]) {
      const answer = await calls.get(`${path}?reference=${reference}`);
      expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'reference' }] });
    }
  });
});

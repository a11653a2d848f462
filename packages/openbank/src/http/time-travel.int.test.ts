import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pastSuite } from '../testing/bank-suite/past.ts';
import { ALICE, type Calls, callsTo, type Headers } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

describe('the past', () => pastSuite(openMemoryBank));

let bank: MemoryBank;
let calls: Calls;
let owner: string;
let account: string;
let bookedAt: string;
let transaction: string;
/** Where the log was after the deposit. */
let position: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
  owner = await calls.registerAlice();
  account = await calls.openAccount(owner);
  const deposited = await calls.deposit(account, '10.00');
  ({ booked_at: bookedAt, id: transaction } = deposited.json().transaction);
  position = String(deposited.headers['openbank-position']);
  await calls.deposit(account, '5.00');
});
afterAll(() => bank.close());

const paths = () => [
  `/accounts/${account}`,
  `/accounts/by-owner/${owner}`,
  `/accounts/${account}/transactions`,
  `/transactions/${transaction}`,
  '/trial-balance',
];
const ask = (query: string, path = `/accounts/${account}`, headers: Headers = {}) =>
  calls.get(`${path}?${query}`, headers);
const at = (time: string) => `as_of=${encodeURIComponent(time)}`;

/** The same moment on a clock that is some minutes ahead of UTC. */
function shifted(time: string, minutes: number, offset: string): string {
  const moved = new Date(Date.parse(time) + minutes * 60_000).toISOString().slice(0, 19);
  return `${moved}${time.slice(19, 26)}${offset}`;
}

it('is the same at one moment however its time is written', async () => {
  const times = [
    bookedAt,
    bookedAt.toLowerCase(),
    shifted(bookedAt, 120, '+02:00'),
    shifted(bookedAt, -210, '-03:30'),
    shifted(bookedAt, 0, '-00:00'),
    shifted(bookedAt, 23 * 60 + 59, '+23:59'),
  ];
  for (const time of times) {
    const answer = await ask(at(time));
    expect(answer.json(), time).toMatchObject({ balance: '10.00', last_modified: bookedAt });
    expect(answer.headers['openbank-as-of-position']).toBe(position);
    expect(answer.headers.etag).toBe('"1"');
  }
});

it('by time and by the position that it names is the same', async () => {
  for (const path of paths()) {
    const byTime = await ask(at(bookedAt), path);
    expect(byTime.statusCode).toBe(200);
    const named = byTime.headers['openbank-as-of-position'];
    expect((await ask(`as_of_position=${named}`, path)).body).toBe(byTime.body);
  }
});

it('of what was not there then is 404, never an empty answer', async () => {
  for (const path of paths()) {
    for (const query of [
      'as_of=1970-01-01T00:00:00Z',
      'as_of=0001-01-01T00:00:00Z',
      `as_of_position=${'0'.repeat(16)}`,
    ]) {
      const answer = await ask(query, path);
      expect(answer.statusCode, `${path}?${query}`).toBe(404);
      expect(answer.headers).not.toHaveProperty('openbank-as-of-position');
    }
  }
});

it('of what was never there is 404', async () => {
  const nobody = '0'.repeat(32);
  for (const [path, code] of [
    [`/accounts/${nobody}`, 'account-not-found'],
    [`/accounts/by-owner/${nobody}`, 'person-not-found'],
    [`/accounts/${nobody}/transactions`, 'account-not-found'],
    [`/transactions/${nobody}`, 'transaction-not-found'],
  ] as const)
    expect((await ask(`as_of_position=${position}`, path)).json()).toMatchObject({ status: 404, code });
});

it.each([
  'yesterday',
  '',
  '2026-01-01',
  '2026-01-01T00:00:00',
  '2026-01-01T00:00:00.1234567Z',
  '2026-01-01T00:00:00.Z',
  '2026-02-30T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01T23:60:00Z',
  '2026-01-01T23:59:60Z',
  '2026-01-01T00:00:00+24:00',
  '2026-01-01T00:00:00+02:60',
  '2026-01-01T00:00:00+0200',
  '2026-01-01T00:00:00 02:00',
  '2026-01-01 00:00:00Z',
  '+002026-01-01T00:00:00Z',
  '９０２６-01-01T00:00:00Z',
])('the time %j is none', async (time) => {
  for (const path of paths()) {
    const answer = await ask(at(time), path);
    expect(answer.json()).toMatchObject({ status: 400, code: 'malformed', errors: [{ field: 'as_of' }] });
  }
});

it.each(['2999-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z'])(
  'the future is refused: %s',
  async (time) => {
    for (const path of paths())
      expect((await ask(at(time), path)).json()).toMatchObject({ status: 400, errors: [{ field: 'as_of' }] });
  },
);

it.each([
  '',
  'x',
  '1',
  '0',
  '-1',
  '000000000000001',
  '9999999999999999',
  '00000000000000001',
  '9'.repeat(129),
])('the position %j is none of this bank', async (wrong) => {
  for (const path of paths()) {
    const answer = await ask(`as_of_position=${wrong}`, path);
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'as_of_position' }] });
  }
});

it('a position that has not come yet is refused, and taken once it has', async () => {
  const head = String((await calls.deposit(account, '1.00')).headers['openbank-position']);
  const next = String(Number(head) + 1).padStart(16, '0');
  expect((await ask(`as_of_position=${next}`)).json()).toMatchObject({ status: 400 });
  await calls.deposit(account, '1.00');
  expect((await ask(`as_of_position=${next}`)).statusCode).toBe(200);
});

it('is asked for by one moment, and beside no min_position', async () => {
  for (const path of paths()) {
    const both = await ask(`${at(bookedAt)}&as_of_position=${position}`, path);
    expect(both.json()).toMatchObject({ status: 400, errors: [{ field: 'as_of_position' }] });
    for (const moment of [at(bookedAt), `as_of_position=${position}`]) {
      const min = await ask(`${moment}&min_position=${position}`, path);
      expect(min.json()).toMatchObject({ status: 400, errors: [{ field: 'min_position' }] });
      const header = await ask(moment, path, { 'OpenBank-Min-Position': position });
      expect(header.json()).toMatchObject({ status: 400, errors: [{ field: 'OpenBank-Min-Position' }] });
      const twice = await ask(`${moment}&${moment}`, path);
      expect(twice.json()).toMatchObject({ status: 400, code: 'malformed' });
    }
  }
});

it.each(['/persons', '/accounts', '/transactions?idempotency_key=k', () => `/persons/${owner}`])(
  'cannot be asked of %s',
  async (path) => {
    const url = typeof path === 'string' ? path : path();
    for (const field of ['as_of', 'as_of_position']) {
      const answer = await calls.get(`${url}${url.includes('?') ? '&' : '?'}${field}=${position}`);
      expect(answer.json()).toMatchObject({ status: 400, errors: [{ field }] });
    }
  },
);

it('is read page by page while lines are added', async () => {
  const paged = await calls.openAccount(owner);
  const amounts = ['1.00', '2.00', '3.00', '4.00', '5.00'];
  let then = '';
  for (const amount of amounts)
    then = String((await calls.deposit(paged, amount)).headers['openbank-position']);
  for (const [order, expected] of [
    ['asc', amounts],
    ['desc', amounts.toReversed()],
  ] as const) {
    const seen: string[] = [];
    let cursor = '';
    do {
      const query = `as_of_position=${then}&limit=2&order=${order}${cursor}`;
      const { data, page } = (await ask(query, `/accounts/${paged}/transactions`)).json();
      seen.push(...data.map((line: { amount: string }) => line.amount));
      cursor = page.has_more ? `&cursor=${page.next}` : '';
      await calls.deposit(paged, '99.00');
    } while (cursor !== '');
    expect(seen).toEqual(expected);
  }
});

it('takes the filters of a statement', async () => {
  const filtered = await calls.openAccount(owner);
  await calls.post(`/accounts/${filtered}/deposit`, { amount: '1.00', reference: 'mine' });
  const then = (await calls.deposit(filtered, '2.00')).headers['openbank-position'];
  await calls.post(`/accounts/${filtered}/deposit`, { amount: '3.00', reference: 'mine' });
  const answer = await ask(`as_of_position=${then}&reference=mine`, `/accounts/${filtered}/transactions`);
  expect(answer.json().data).toMatchObject([{ amount: '1.00' }]);
});

it('of a closed account shows it open before, and closed since', async () => {
  const closing = await calls.openAccount(owner);
  const before = (await calls.deposit(account, '1.00')).headers['openbank-position'];
  const closed = (await calls.post(`/accounts/${closing}/close`, {})).headers['openbank-position'];
  const path = `/accounts/${closing}`;
  expect((await ask(`as_of_position=${before}`, path)).json()).toMatchObject({ status: 'OPEN' });
  expect((await ask(`as_of_position=${closed}`, path)).json()).toMatchObject({ status: 'CLOSED' });
});

it('of a batch shows all of it or nothing', async () => {
  const batched = await calls.openAccount(owner);
  const items = Array.from({ length: 5 }, () => ({ type: 'deposit', account_id: batched, amount: '1.00' }));
  const end = Number(
    (await calls.post('/transactions/batch', { mode: 'atomic', items })).headers['openbank-position'],
  );
  for (let back = 0; back <= 5; back++) {
    const then = String(end - back).padStart(16, '0');
    const shown = (await ask(`as_of_position=${then}`, `/accounts/${batched}`)).json();
    expect(shown.balance).toBe(back === 0 ? '5.00' : '0.00');
  }
});

it('can be asked for the moment that a write has just answered', async () => {
  for (let round = 0; round < 30; round++) {
    const items = Array.from({ length: 50 }, () => ({
      type: 'deposit',
      account_id: account,
      amount: '0.01',
    }));
    const done = await calls.post('/transactions/batch', { mode: 'atomic', items });
    const last = done.json().items.at(-1);
    const shown = await ask(at(last.transaction.booked_at));
    expect(shown.json()).toMatchObject({ balance: last.balance });
  }
});

it('waits for no read model where an account is asked for', async () => {
  const late = await openMemoryBank({ patience: 50 });
  const there = callsTo(late.app);
  const person = String((await there.post('/persons', ALICE)).json().id);
  const id = await there.openAccount(person);
  await late.pauseProjections();
  const then = (await there.deposit(id, '7.00')).headers['openbank-position'];
  for (const path of [
    `/accounts/${id}`,
    `/accounts/by-owner/${person}`,
    `/accounts/${id}/transactions`,
    '/trial-balance',
  ])
    expect((await there.get(`${path}?as_of_position=${then}`)).body).toContain('7.00');
  await late.close();
});

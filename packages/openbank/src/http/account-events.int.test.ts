import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { openFileBank } from '../testing/file-bank.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';
import { programDirectory } from '../testing/program-directory.ts';

let bank: MemoryBank;
let calls: Calls;
let owner: string;
let account: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
  owner = await calls.registerAlice();
  account = await calls.openAccount(owner, { reference: 'savings' });
});
afterAll(() => bank.close());

const NOBODY = '0'.repeat(32);
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);

it('say what was recorded, when, by whom and in which commit', async () => {
  const other = await calls.openAccount(owner);
  await calls.deposit(other, '1.00', { 'Idempotency-Key': 'known' });
  const { data, page } = (await calls.get(`/accounts/${other}/events`)).json();
  expect(page).toEqual({ next: null, has_more: false });
  expect(data[1]).toEqual({
    position: expect.stringMatching(/^\d{16}$/),
    revision: 1,
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    type: 'BankAccountTransactionRecordedDomainEventV1',
    schema_version: 1,
    recorded_at: TIME,
    data: {
      transaction: expect.objectContaining({ type: 'DEPOSIT', amount: '1.00', to_account_id: other }),
      currency: 'USD',
      balance: '1.00',
      postings: [
        { account: other, amount: '1.00' },
        { account: 'cash', amount: '-1.00' },
      ],
    },
    personal: { description: 'Test' },
    metadata: expect.objectContaining({ commit_index: '0', commit_size: '1' }),
    link: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(JSON.stringify(data)).not.toContain('cipher');
});

it('begin with the opening, which is one commit with an event of the owner', async () => {
  const { data } = (await calls.get(`/accounts/${account}/events?limit=1`)).json();
  expect(data).toMatchObject([
    { revision: 0, type: 'BankAccountCreatedDomainEventV1', personal: null, metadata: { commit_size: '2' } },
  ]);
  expect(data[0].data).toMatchObject({ owner_id: owner, currency: 'USD', reference: 'savings' });
});

it('go on behind the last page when there is more', async () => {
  const growing = await calls.openAccount(owner);
  await calls.deposit(growing, '1.00');
  const first = (await calls.get(`/accounts/${growing}/events?limit=1`)).json();
  expect(first.page.has_more).toBe(true);
  const second = () => calls.get(`/accounts/${growing}/events?limit=1&cursor=${first.page.next}`);
  expect((await second()).json().page).toEqual({ next: null, has_more: false });
  await calls.deposit(growing, '2.00');
  expect((await second()).json()).toMatchObject({ data: [{ revision: 1 }], page: { has_more: true } });
});

it('are read from the log: no read model is waited for', async () => {
  const late = await openMemoryBank({ patience: 50 });
  const there = callsTo(late.app);
  await late.pauseProjections();
  const id = await there.openAccount(await there.registerAlice());
  expect((await there.get(`/accounts/${id}/events`)).json().data).toHaveLength(1);
  await late.close();
});

it('of an account that there is not are 404', async () => {
  for (const query of ['', '?limit=1']) {
    const answer = await calls.get(`/accounts/${NOBODY}/events${query}`);
    expect(answer.json()).toMatchObject({ status: 404, code: 'account-not-found' });
  }
  // Ids of persons are none of accounts.
  expect((await calls.get(`/accounts/${owner}/events`)).statusCode).toBe(404);
});

it.each([
  ['?limit=0', 'limit'],
  ['?limit=201', 'limit'],
  ['?cursor=', 'cursor'],
  ['?cursor=!', 'cursor'],
  ['?cursor=ZXZlbnRzIDA', 'cursor'],
  ['?cursor=ZXZlbnRzIC0x', 'cursor'],
  ['?cursor=MTIz', 'cursor'],
  ['?order=asc', 'order'],
  ['?min_position=x', 'min_position'],
  ['?as_of=2026-01-01T00:00:00Z', 'as_of'],
])('%s is refused and names %s', async (query, field) => {
  const answer = await calls.get(`/accounts/${account}/events${query}`);
  expect(answer.json()).toMatchObject({ status: 400, code: 'malformed', errors: [{ field }] });
});

it('refuse a cursor of another list', async () => {
  const { page } = (await calls.get('/accounts?limit=1')).json();
  const answer = await calls.get(`/accounts/${account}/events?cursor=${page.next}`);
  expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'cursor' }] });
});

it('show no personal part of an erased owner, and all the rest', async () => {
  const directory = programDirectory();
  const first = await openFileBank(directory);
  const before = callsTo(first.app);
  const id = await before.openAccount(await before.registerAlice());
  await before.deposit(id, '1.00');
  const path = `/accounts/${id}/events`;
  const known = (await before.get(path)).json().data;
  await first.close();
  const keys = new DatabaseSync(join(directory.data, 'keys.db'));
  keys.exec("UPDATE keys SET wrapped = NULL WHERE kind = 'key'");
  keys.close();
  const second = await openFileBank(directory);
  const after = callsTo(second.app);
  expect((await after.get(path)).json().data).toEqual([known[0], { ...known[1], personal: 'erased' }]);
  const as_of = await after.get(`/accounts/${id}?as_of_position=${known[1].position}`);
  expect(as_of.json()).toMatchObject({ balance: '1.00', owner: 'erased' });
  expect((await after.deposit(id, '1.00')).json()).toMatchObject({ status: 410, code: 'person-erased' });
  await second.close();
  directory.remove();
});

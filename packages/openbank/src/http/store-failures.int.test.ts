import { type ErrorCode, EventSourcingError, type EventStore } from '@openbank/eventsourcing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALICE, type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

let bank: MemoryBank;
let calls: Calls;
let person: string;
let fail: { append?: Error; read?: Error };

beforeEach(async () => {
  fail = {};
  bank = await openMemoryBank({ wrap: failing, timeoutMs: 1_000 });
  calls = callsTo(bank.app);
  person = await calls.registerAlice();
});
afterEach(() => bank.close());

function failing(store: EventStore): EventStore {
  return {
    ...store,
    async append(commit) {
      if (fail.append) throw fail.append;
      return store.append(commit);
    },
    readStream(stream, options) {
      if (fail.read) throw fail.read;
      return store.readStream(stream, options);
    },
    async head() {
      if (fail.read) throw fail.read;
      return store.head();
    },
  };
}

const storeError = (code: ErrorCode) => new EventSourcingError(code, 'an inner secret of /the/store');

it.each<[ErrorCode, string, string]>([
  ['overloaded', 'overloaded', '1'],
  ['storage-full', 'storage-full', '30'],
  ['store-unavailable', 'store-unavailable', '5'],
])('answers %s as 503 with a time to come back', async (code, answered, retryAfter) => {
  fail.append = storeError(code);
  const answer = await calls.post('/persons', ALICE);
  expect(answer.json()).toMatchObject({ status: 503, code: answered });
  expect(answer.headers['retry-after']).toBe(retryAfter);
  expect(answer.body).not.toContain('/the/store');
  const reasons = bank.logged.filter((line) => line.includes('/the/store'));
  await calls.post('/persons', ALICE);
  // Said to the operator, once a second and not for each request; overload is told by the metrics.
  expect(reasons).toHaveLength(code === 'overloaded' ? 0 : 1);
  expect(bank.logged.filter((line) => line.includes('/the/store'))).toEqual(reasons);
});

it('says that an outcome is unknown, what was meant, and how to find out', async () => {
  fail.append = storeError('outcome-unknown');
  const answer = await calls.post('/accounts', { owner_id: person });
  expect(answer.json()).toMatchObject({
    status: 503,
    code: 'outcome-unknown',
    resource_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    detail: expect.stringContaining('idempotency key'),
  });
  expect(answer.headers['retry-after']).toBe('1');
}, 30_000);

it('never takes a store that cannot be read for one that is empty', async () => {
  fail.read = storeError('store-unavailable');
  for (const url of [`/persons/${'0'.repeat(32)}`, `/accounts/${'0'.repeat(32)}`]) {
    expect((await calls.get(url)).json()).toMatchObject({ status: 503, code: 'store-unavailable' });
  }
  const ready = await bank.app.inject('/health/ready');
  expect(ready.statusCode).toBe(503);
  expect(ready.json()).toMatchObject({ status: 'not-ready', store: 'unreachable' });
});

it('tells the caller nothing of a fault but where the log has it', async () => {
  fail.append = new Error('an inner secret of /the/store');
  const answer = await calls.post('/persons', { ...ALICE, first_name: 'Carol' });
  const problem = answer.json();
  expect(problem).toMatchObject({ status: 500, code: 'internal-error' });
  expect(problem.instance).toMatch(/^urn:uuid:/);
  expect(answer.body).not.toContain('/the/store');
  const lines = bank.logged.join('');
  expect(lines).toContain(problem.instance);
  expect(lines).toContain('an inner secret');
  expect(lines).not.toContain('Carol');
});

it('says of each item of a batch whether it was refused, or whether that is unknown', async () => {
  const account = await calls.openAccount(person);
  const item = { type: 'deposit', account_id: account, amount: '1.00' };
  const refused = { ...item, type: 'withdrawal', amount: '5.00' };
  fail.append = storeError('outcome-unknown');
  const answer = await calls.post('/transactions/batch', { mode: 'independent', items: [item, refused] });
  expect(answer.json().items).toMatchObject([
    { status: 'unknown', problem: { status: 503, code: 'outcome-unknown', resource_id: expect.any(String) } },
    { status: 'refused', problem: { status: 422, code: 'insufficient-funds' } },
  ]);
});

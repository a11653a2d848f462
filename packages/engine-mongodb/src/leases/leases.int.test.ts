import type { LeaseStore } from '@openbank/eventsourcing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoLeaseStore } from './mongo-lease-store.ts';

/** Milliseconds: longer than any test. */
const LONG = 600_000;

let database: TestDatabase;
let store: LeaseStore;

beforeEach(async () => {
  database = await startTestDatabase();
  store = openMongoLeaseStore(database.connection);
});
afterEach(() => database.stop());

describe.runIf(process.env.OPENBANK_TEST_MONGODB === undefined)('the clock', () => {
  /** The server's is set forward: no process has waited. */
  const pass = (milliseconds: number) => database.mongo.double?.setClockOffset(milliseconds);

  test('that counts is the server’s: a lease runs out by it, and by no process’s', async () => {
    expect(await store.acquire('p0', 'ann', LONG)).toBe(true);
    expect(await store.acquire('p0', 'bob', LONG)).toBe(false);
    pass(LONG - 10_000);
    expect(await store.acquire('p0', 'bob', LONG)).toBe(false);
    pass(LONG + 1_000);
    expect((await store.heartbeat('bob', LONG)).leases).toEqual(new Map());
    expect(await store.acquire('p0', 'bob', LONG)).toBe(true);
    expect(await store.acquire('p0', 'ann', LONG)).toBe(false);
  });

  test('lets a holder lengthen what has run out and nobody has taken, with one heartbeat', async () => {
    await store.acquire('p0', 'ann', LONG);
    await store.acquire('p1', 'ann', LONG);
    pass(2 * LONG);
    await store.acquire('p1', 'bob', LONG);
    const { leases } = await store.heartbeat('ann', LONG);
    expect(leases).toEqual(
      new Map([
        ['p0', 'ann'],
        ['p1', 'bob'],
      ]),
    );
    expect(await store.acquire('p0', 'bob', LONG)).toBe(false);
  });

  test('forgets holders that are long gone', async () => {
    await store.heartbeat('ann', 1_000);
    pass(24 * 3_600_000);
    expect((await store.heartbeat('bob', 1_000)).holders).toEqual(['bob']);
    const kept = await database.connection.database.collection('lease_holders').find().toArray();
    expect(kept.map(({ _id }) => _id)).toEqual(['bob']);
  });
});

test('names are names, whatever MongoDB takes such text for', async () => {
  const names = ['$$NOW', '$holder', '{"$gt": ""}', 'a.b', '__proto__', ''];
  for (const name of names) {
    await store.heartbeat(name, LONG);
    expect(await store.acquire(name, name, LONG)).toBe(true);
  }
  const board = await store.heartbeat('$$NOW', LONG);
  expect(board.holders).toEqual([...names].sort());
  expect(board.leases).toEqual(new Map(names.map((name) => [name, name])));
  await store.leave('$holder');
  expect((await store.heartbeat('a.b', LONG)).leases.has('$holder')).toBe(false);
});

test('of many who want one lease at once one gets it', async () => {
  const stores = await Promise.all(
    Array.from({ length: 5 }, async () => openMongoLeaseStore(await database.connect())),
  );
  for (const lease of ['p0', 'p1', 'p2']) {
    const got = await Promise.all(stores.map((each, index) => each.acquire(lease, `holder-${index}`, LONG)));
    expect(got.filter((held) => held)).toHaveLength(1);
  }
});

test('a holder that asks twice at once has it twice', async () => {
  const got = await Promise.all([1, 2, 3, 4].map(() => store.acquire('p0', 'ann', LONG)));
  expect(got).toEqual([true, true, true, true]);
});

test.runIf(process.env.OPENBANK_TEST_MONGODB === undefined)(
  'an answer that is lost is asked for again, and the lease is had',
  async () => {
    database.mongo.double?.inject({ fault: { kind: 'cut-after' }, commands: ['findAndModify'] });
    expect(await store.acquire('p0', 'ann', LONG)).toBe(true);
    database.mongo.double?.inject({
      fault: { kind: 'not-primary' },
      commands: ['findAndModify'],
      times: 20,
    });
    await expect(store.acquire('p1', 'ann', LONG)).rejects.toMatchObject({ code: 'store-unavailable' });
  },
);

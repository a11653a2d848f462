import { setTimeout as delay } from 'node:timers/promises';
import grpc from '@grpc/grpc-js';
import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { DEFAULT_COMMIT_LIMITS, type EventStore, hasCode } from '@openbank/eventsourcing';
import { appendTo, commitOf, withClaims } from '@openbank/eventsourcing/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startKurrentDouble } from '../testing/index.ts';
import { openTestEventStore, type TestEventStore } from '../testing/test-event-store.ts';
import { createKurrentEventStore } from './kurrent-event-store.ts';

const plain = () => commitOf(appendTo('account-1', 'no-stream', 2));
const claimed = () =>
  withClaims(commitOf(appendTo('account-1', 'no-stream', 2), appendTo('account-2', 'no-stream')), 'key');

const COMMITS = [
  { what: 'on one stream', commit: plain },
  { what: 'on several streams with a claim', commit: claimed },
];

async function idsIn({ store }: TestEventStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const { events } of store.readAll()) ids.push(...events.map(({ id }) => id));
  return ids;
}

function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

describe('an append whose answer is lost', () => {
  test.each(COMMITS)(
    '$what has an unknown outcome, and its repeat answers the first position',
    async ({ commit }) => {
      const opened = await openTestEventStore();
      const { store, double } = opened;
      const lost = commit();
      double.faults.cutAfterCommit();
      expect(await codeOf(store.append(lost))).toBe('outcome-unknown');
      const written = await store.head();
      await store.append(commitOf(appendTo('account-3', 'no-stream')));
      expect(await store.append(lost)).toEqual({ position: written });
      const ids = lost.streams.flatMap(({ events }) => events.map(({ id }) => id));
      expect((await idsIn(opened)).slice(0, -1)).toEqual(ids);
    },
  );

  test.each(COMMITS)(
    '$what is found again after a restart of the server and after later appends',
    async ({ commit }) => {
      const { store, double } = await openTestEventStore();
      const lost = commit();
      double.faults.cutAfterCommit();
      expect(await codeOf(store.append(lost))).toBe('outcome-unknown');
      const written = await store.head();
      await double.restart();
      await appended(store.append.bind(store), commitOf(appendTo('account-1', 1)));
      expect(await store.append(lost)).toEqual({ position: written });
    },
  );

  test.each(COMMITS)('$what and that never came in is written by its repeat', async ({ commit }) => {
    const opened = await openTestEventStore();
    const { store, double } = opened;
    const lost = commit();
    double.faults.cutBeforeCommit();
    expect(await codeOf(store.append(lost))).toBe('outcome-unknown');
    expect(await idsIn(opened)).toEqual([]);
    await store.append(lost);
    expect(await idsIn(opened)).toHaveLength(lost.streams.flatMap(({ events }) => events).length);
  });

  test.each(COMMITS)('$what and that takes too long has an unknown outcome', async ({ commit }) => {
    const { store, double } = await openTestEventStore({ timeouts: { append: 300 } });
    const lost = commit();
    double.faults.delayAnswers(2_000);
    expect(await codeOf(store.append(lost))).toBe('outcome-unknown');
    double.faults.clear();
    const written = await store.head();
    // The repeat has as little time, which on a busy machine may not be enough.
    await expect.poll(() => store.append(lost), { timeout: 20_000 }).toEqual({ position: written });
  });

  test('and whose stream has moved meanwhile for somebody else is a conflict when repeated', async () => {
    const { store, double } = await openTestEventStore();
    const lost = claimed();
    double.faults.cutBeforeCommit();
    expect(await codeOf(store.append(lost))).toBe('outcome-unknown');
    await store.append(commitOf(appendTo('account-2', 'no-stream')));
    await expect(store.append(lost)).rejects.toMatchObject({
      code: 'revision-conflict',
      stream: 'account-2',
      actual: 0,
    });
  });
});

describe('a server that is away', () => {
  test('is a definite and prompt store-unavailable for appends and reads, and all go on when it is back', async () => {
    const { store, double } = await openTestEventStore();
    await store.append(plain());
    await double.goDown();
    const started = performance.now();
    expect(await codeOf(store.append(commitOf(appendTo('account-1', 1))))).toMatch(/unavailable|unknown/);
    const later = [
      store.append(commitOf(appendTo('account-1', 1))),
      store.append(withClaims(commitOf(appendTo('account-1', 1)), 'key')),
      store.claim('key'),
      store.head(),
      store.readStream('account-1')[Symbol.asyncIterator]().next(),
      store.readAll()[Symbol.asyncIterator]().next(),
    ];
    for (const code of await Promise.all(later.map(codeOf))) expect(code).toBe('store-unavailable');
    expect(performance.now() - started).toBeLessThan(5_000);
    await double.comeBack();
    await appended(store.append.bind(store), commitOf(appendTo('account-1', 1)));
    expect(await store.claim('key')).toBeUndefined();
  });

  test('at the first read of a store does not keep its later reads from succeeding', async () => {
    const { store, double } = await openTestEventStore();
    await double.goDown();
    expect(await codeOf(store.head())).toBe('store-unavailable');
    await double.comeBack();
    await expect.poll(() => codeOf(store.head()), { timeout: 20_000 }).toBe('done');
  });

  test('and is too busy has written nothing', async () => {
    const { store, double } = await openTestEventStore();
    double.faults.refuseAppends(true);
    expect(await codeOf(store.append(plain()))).toBe('store-unavailable');
    expect(await codeOf(store.append(claimed()))).toBe('store-unavailable');
  });
});

describe('a node that does not lead', () => {
  const startLeader = async () => {
    const leader = await startKurrentDouble();
    onTestFinished(() => leader.stop());
    const [, port] = /:(\d+)\?/.exec(leader.connectionString) ?? [];
    return { leader, host: '127.0.0.1', port: Number(port) };
  };

  test.each(COMMITS)('names the leader, and an append $what goes there', async ({ commit }) => {
    const { store, double } = await openTestEventStore();
    const { leader, ...address } = await startLeader();
    double.faults.answerNotLeader(address);
    await store.append(commit());
    await leader.goDown();
    expect(await codeOf(store.head())).toBe('store-unavailable');
  });

  test.each<{ what: string; read: (store: EventStore) => Promise<unknown> }>([
    { what: 'stream', read: (store) => Array.fromAsync(store.readStream('account-1')) },
    { what: 'claim', read: (store) => store.claim('key') },
    { what: 'head', read: (store) => store.head() },
    { what: 'log', read: (store) => Array.fromAsync(store.readAll()) },
  ])('names the leader, and a $what is read there', async ({ read }) => {
    const { store, connection } = await openTestEventStore();
    const { leader, ...address } = await startLeader();
    const calls = failOnce(connection.client, notLeader(address));
    await read(store);
    expect(calls).toEqual(['true']);
    await leader.goDown();
    expect(await codeOf(read(store))).toBe('store-unavailable');
  });
});

/** Fails the next call of the client; the answer are the calls so far, by whether they ask for the leader. */
function failOnce(client: KurrentDBClient, error: Error): readonly unknown[] {
  const calls: unknown[] = [];
  // biome-ignore lint/complexity/useLiteralKeys: the way that TypeScript leaves to protected members
  const { execute, callArguments } = { execute: client['execute'], callArguments: client['callArguments'] };
  let failures = 1;
  Object.defineProperty(client, 'execute', {
    value: ((stub, what, call) =>
      execute(stub, what, (ready) =>
        failures-- > 0 ? Promise.reject(error) : call(ready),
      )) satisfies typeof execute,
  });
  Object.defineProperty(client, 'callArguments', {
    value: ((...options) => {
      calls.push(String(options[0].requiresLeader));
      return callArguments(...options);
    }) satisfies typeof callArguments,
  });
  return calls;
}

function notLeader({ host, port }: { readonly host: string; readonly port: number }): Error {
  const metadata = new grpc.Metadata();
  metadata.set('exception', 'not-leader');
  metadata.set('leader-endpoint-host', host);
  metadata.set('leader-endpoint-port', String(port));
  return Object.assign(new Error('not the leader'), { code: 5, details: 'not the leader', metadata });
}

test.each(COMMITS)(
  'an append $what that waits too long for a connection is never sent, and so definite',
  async ({ commit }) => {
    const { store, connection } = await openTestEventStore({ timeouts: { append: 200 } });
    const { client } = connection;
    // biome-ignore lint/complexity/useLiteralKeys: the way that TypeScript leaves to protected members
    const execute = client['execute'];
    let late: Promise<unknown> = Promise.resolve();
    const value: typeof execute = (...call) => {
      const connected = delay(600).then(() => execute(...call));
      late = connected.catch(() => undefined);
      return connected;
    };
    Object.defineProperty(client, 'execute', { value });
    expect(await codeOf(store.append(commit()))).toBe('store-unavailable');
    await late;
    Object.defineProperty(client, 'execute', { value: execute });
    expect(await store.head()).toBeUndefined();
  },
);

test('more appends under way than there is room for are refused as overloaded', async () => {
  const { store } = await openTestEventStore({ maxAppends: 5 });
  const codes = await Promise.all(
    Array.from({ length: 8 }, (_, i) => codeOf(store.append(commitOf(appendTo(`a-${i}`, 'no-stream'))))),
  );
  expect(codes).toEqual([...Array(5).fill('done'), ...Array(3).fill('overloaded')]);
});

test('limits above what KurrentDB takes are refused, so that no record breaks a connection that others share', async () => {
  const { connection } = await openTestEventStore();
  for (const limits of [{ maxEventBytes: 2 ** 24 }, { maxCommitBytes: 2 ** 24 }])
    expect(() =>
      createKurrentEventStore(connection, { limits: { ...DEFAULT_COMMIT_LIMITS, ...limits } }),
    ).toThrow(RangeError);
});

/** Until the client has found that the server is back. */
async function appended<Commit>(append: (commit: Commit) => Promise<unknown>, commit: Commit): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      await append(commit);
      return;
    } catch (error) {
      if (!hasCode(error, 'store-unavailable') && !hasCode(error, 'outcome-unknown')) throw error;
      await delay(50);
    }
  }
  throw new Error('The server has not come back.');
}

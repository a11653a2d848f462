import { setTimeout as delay } from 'node:timers/promises';
import { type Commit, type EventStore, hasCode, type RecordedEvent } from '@openbank/eventsourcing';
import { appendTo, commitOf, withClaims } from '@openbank/eventsourcing/testing';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../connection/connect.ts';
import { startTcpProxy } from '../testing/tcp-proxy.ts';
import { openTestEventStore } from '../testing/test-event-store.ts';
import { createKurrentEventStore, type KurrentEventStoreOptions } from './kurrent-event-store.ts';

/** One store that reaches its server by a wire that can fail, and one that reaches it as ever. */
async function openByProxy(options: KurrentEventStoreOptions = {}) {
  const { store: direct, double } = await openTestEventStore();
  const proxy = await startTcpProxy(double.connectionString);
  onTestFinished(() => proxy.stop());
  const connection = await connect(proxy.connectionString);
  const store = createKurrentEventStore(connection, options);
  onTestFinished(async () => {
    proxy.release();
    await store.close();
    await connection.close();
  });
  return { store, direct, proxy };
}

/** Repeats an append until its outcome is known; the answer is its position. */
async function untilKnown(store: EventStore, commit: Commit): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      return (await store.append(commit)).position;
    } catch (error) {
      if (!hasCode(error, 'outcome-unknown') && !hasCode(error, 'store-unavailable')) throw error;
      await delay(50);
    }
  }
  throw new Error('The outcome has stayed unknown.');
}

async function logOf(store: EventStore): Promise<RecordedEvent[]> {
  return (await Array.fromAsync(store.readAll())).flatMap(({ events }) => events);
}

test('a half-open connection: appends end as unknown, reads as unavailable, and nothing is written twice', async () => {
  const { store, direct, proxy } = await openByProxy({ timeouts: { append: 400, read: 400 } });
  await untilKnown(store, commitOf(appendTo('a', 'no-stream')));
  const lost = withClaims(commitOf(appendTo('a', 0)), 'key');
  proxy.hold();
  await expect(store.append(lost)).rejects.toMatchObject({ code: 'outcome-unknown' });
  await expect(store.head()).rejects.toMatchObject({ code: 'store-unavailable' });
  proxy.release();
  const position = await untilKnown(store, lost);
  const log = await logOf(direct);
  expect(log.map(({ revision }) => revision)).toEqual([0, 1]);
  expect(log.at(-1)?.position).toBe(position);
});

test('a connection that is cut under many appends: each is written once, where its repeat says', async () => {
  const { store, direct, proxy } = await openByProxy();
  const commits = Array.from({ length: 60 }, (_, i) => {
    const commit = commitOf(appendTo(`a-${i}`, 'no-stream'));
    return i % 2 === 0 ? commit : withClaims(commit, `key-${i}`);
  });
  const positions = Promise.all(commits.map((commit) => untilKnown(store, commit)));
  proxy.cut();
  await expect.poll(async () => (await logOf(direct)).length, { timeout: 20_000 }).toBeGreaterThan(0);
  proxy.cut();
  const known = await positions;
  const log = await logOf(direct);
  expect(log).toHaveLength(60);
  expect(log.map(({ position }) => position)).toEqual([...known].sort());
});

test('a subscription over a wire that is cut and held again and again delivers each event once, in order', async () => {
  const { store, direct, proxy } = await openByProxy({ timeouts: { wait: 300, read: 300, scan: 300 } });
  const ended = new AbortController();
  const events: RecordedEvent[] = [];
  const following = (async () => {
    for await (const message of store.subscribe({ signal: ended.signal }))
      if (message.kind === 'page') events.push(...message.events);
  })();
  for (let i = 0; i < 30; i++) {
    await direct.append(commitOf(appendTo('a', i === 0 ? 'no-stream' : i - 1)));
    if (i % 10 === 3) proxy.cut();
    if (i % 10 === 5) proxy.hold();
    if (i % 10 === 8) proxy.release();
  }
  await expect.poll(() => events.length, { timeout: 20_000 }).toBe(30);
  expect(events).toEqual(await logOf(direct));
  ended.abort();
  await following;
});

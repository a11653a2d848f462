import { getEventListeners } from 'node:events';
import grpc from '@grpc/grpc-js';
import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import type { StreamsClient } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import type { RecordedEvent, SubscriptionMessage } from '@openbank/eventsourcing';
import { appendTo, commitOf, withClaims } from '@openbank/eventsourcing/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { toPlace, toPosition } from '../events/position.ts';
import { openTestEventStore, type TestEventStore } from '../testing/test-event-store.ts';

/** Takes all that a subscription delivers, until the test is over. */
function listen({ store }: TestEventStore, after?: string) {
  const ended = new AbortController();
  const events: RecordedEvent[] = [];
  const positions: string[] = [];
  const end = (async () => {
    const options = { signal: ended.signal, ...(after !== undefined && { after }) };
    for await (const message of store.subscribe(options)) {
      if (message.kind !== 'page') continue;
      events.push(...message.events);
      positions.push(message.position);
    }
  })();
  onTestFinished(async () => {
    ended.abort();
    await end.catch(() => undefined);
  });
  return { events, positions, end };
}

/** One event after the other, each tried until it is known to be written. */
async function appendOn(
  { store }: TestEventStore,
  stream: string,
  from: number,
  count: number,
): Promise<void> {
  for (let i = from; i < from + count; i++) {
    const commit = commitOf(appendTo(stream, i === 0 ? 'no-stream' : i - 1));
    await expect
      .poll(
        () =>
          store.append(commit).then(
            () => true,
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
  }
}

const revisions = (events: readonly RecordedEvent[]) => events.map(({ revision }) => revision);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('a subscription', () => {
  test('goes on after each restart of the server, with no event twice or missing', async () => {
    const opened = await openTestEventStore();
    await appendOn(opened, 'a', 0, 5);
    const listener = listen(opened);
    await expect.poll(() => listener.events.length, { timeout: 20_000 }).toBe(5);
    for (let restart = 1; restart <= 3; restart++) {
      await opened.double.restart();
      await appendOn(opened, 'a', 5 * restart, 5);
      await expect.poll(() => listener.events.length, { timeout: 20_000 }).toBe(5 * restart + 5);
    }
    expect(revisions(listener.events)).toEqual(upTo(20));
    expect(listener.positions).toEqual([...new Set(listener.positions)].sort());
  });

  test('waits for a server that is away when it begins', async () => {
    const opened = await openTestEventStore();
    await appendOn(opened, 'a', 0, 3);
    await opened.double.goDown();
    const listener = listen(opened);
    await expect(opened.store.head()).rejects.toMatchObject({ code: 'store-unavailable' });
    await opened.double.comeBack();
    await expect.poll(() => listener.events.length, { timeout: 20_000 }).toBe(3);
  });

  test('ends at once when it is aborted while the server is away', async () => {
    const { store, double } = await openTestEventStore();
    await double.goDown();
    const ending = new AbortController();
    const ended = Array.fromAsync(store.subscribe({ signal: ending.signal }));
    await expect(store.head()).rejects.toMatchObject({ code: 'store-unavailable' });
    ending.abort();
    expect(await ended).toEqual([]);
  });

  test('fails when the store is closed while the server is away', async () => {
    const opened = await openTestEventStore();
    await opened.double.goDown();
    const { end } = listen(opened);
    const failed = expect(end).rejects.toMatchObject({ code: 'store-unavailable' });
    await opened.store.close();
    await failed;
  });

  test('fails at once when the store is closed, also after many outages in a row', async () => {
    const opened = await openTestEventStore();
    const away = Object.assign(new Error('away'), { code: grpc.status.UNAVAILABLE, details: 'away' });
    const { waits } = answerWaits(opened.connection.client, () => Promise.reject(away));
    const { end } = listen(opened);
    const failed = expect(end).rejects.toMatchObject({ code: 'store-unavailable' });
    // The next pause takes from 0.8 s on.
    await expect.poll(() => waits(), { timeout: 20_000 }).toBe(5);
    const before = performance.now();
    await opened.store.close();
    await failed;
    expect(performance.now() - before).toBeLessThan(600);
  });

  test('that the server ends without an error is taken up again, after a pause', async () => {
    const opened = await openTestEventStore();
    const { waits, restore } = answerWaits(opened.connection.client, () => Promise.resolve());
    const listener = listen(opened);
    await expect.poll(() => waits(), { timeout: 20_000 }).toBeGreaterThan(2);
    const before = performance.now();
    const count = waits();
    await expect.poll(() => waits(), { timeout: 20_000 }).toBeGreaterThan(count);
    expect(performance.now() - before).toBeGreaterThan(50);
    restore();
    await appendOn(opened, 'a', 0, 3);
    await expect.poll(() => listener.events.length, { timeout: 20_000 }).toBe(3);
  });

  test('fails where the server refuses it again and again for a reason that it does not tell', async () => {
    const opened = await openTestEventStore();
    const refusal = Object.assign(new Error('Exception was thrown by handler.'), {
      code: 2,
      details: 'Exception was thrown by handler.',
    });
    const { waits } = answerWaits(opened.connection.client, () => Promise.reject(refusal));
    const { end } = listen(opened);
    await expect(end).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(waits()).toBe(6);
  });

  test('looks by itself where it hears nothing', async () => {
    const { store } = await openTestEventStore({ timeouts: { wait: 100 } });
    const kinds: SubscriptionMessage['kind'][] = [];
    for await (const { kind } of store.subscribe()) {
      kinds.push(kind);
      if (kinds.length === 3) break;
    }
    expect(kinds).toEqual(['caught-up', 'caught-up', 'caught-up']);
  });

  test('is told of everything by the leader: a node that is behind would have it skip what that lacks', async () => {
    const opened = await openTestEventStore();
    await appendOn(opened, 'a', 0, 3);
    const asked = lagUnlessLed(opened.connection.client);
    const listener = listen(opened);
    await expect.poll(() => listener.positions.length, { timeout: 20_000 }).toBe(1);
    expect(revisions(listener.events)).toEqual(upTo(3));
    await expect.poll(() => asked.length, { timeout: 20_000 }).toBeGreaterThan(2);
    expect(new Set(asked)).toEqual(new Set(['leader']));
  });

  test('and reads that are left early leave no call open', async () => {
    const { store, connection } = await openTestEventStore();
    const calls = openCalls(connection.client);
    for (let i = 0; i < 5; i++) await store.append(commitOf(appendTo(`a-${i}`, 'no-stream', 500)));
    const ending = new AbortController();
    for await (const message of store.subscribe()) if (message.kind === 'caught-up') break;
    for await (const page of store.readAll()) if (page.events.length > 0) break;
    for await (const page of store.readStream('a-0')) if (page.length > 0) break;
    const waiting = Array.fromAsync(store.subscribe({ signal: ending.signal }));
    await expect.poll(() => calls.size, { timeout: 20_000 }).toBe(1);
    ending.abort();
    await waiting;
    await expect.poll(() => calls.size, { timeout: 20_000 }).toBe(0);
    expect(getEventListeners(ending.signal, 'abort')).toEqual([]);
  });
});

/** Answers a client's calls that wait for the log to grow. */
function answerWaits(client: KurrentDBClient, answer: () => Promise<unknown>) {
  // biome-ignore lint/complexity/useLiteralKeys: the way that TypeScript leaves to protected members
  const execute = client['execute'];
  let waits = 0;
  const replace = (value: unknown) => Object.defineProperty(client, 'execute', { value, configurable: true });
  replace((stub: typeof StreamsClient, what: string, call: (ready: StreamsClient) => Promise<unknown>) => {
    if (what !== 'follow the log') return execute(stub, what, call);
    waits++;
    return answer();
  });
  return { waits: () => waits, restore: () => replace(execute) };
}

/** The reading calls of a client that have not ended. */
function openCalls(client: KurrentDBClient): ReadonlySet<unknown> {
  const calls = new Set<unknown>();
  // biome-ignore lint/complexity/useLiteralKeys: the way that TypeScript leaves to protected members
  const execute = client['execute'];
  Object.defineProperty(client, 'execute', {
    value: (stub: typeof StreamsClient, what: string, call: (ready: StreamsClient) => Promise<unknown>) =>
      execute(stub, what, (ready) => call(watched(ready, calls))),
  });
  return calls;
}

/** As a cluster whose other nodes lack the events that they are asked for; the answer is who was asked for each call. */
function lagUnlessLed(client: KurrentDBClient): readonly string[] {
  const asked: string[] = [];
  // biome-ignore lint/complexity/useLiteralKeys: the way that TypeScript leaves to protected members
  const execute = client['execute'];
  Object.defineProperty(client, 'execute', {
    value: (stub: typeof StreamsClient, what: string, call: (ready: StreamsClient) => Promise<unknown>) =>
      execute(stub, what, (ready) =>
        call(
          reading(ready, (read, request, ...rest) => {
            const isLed = rest[0] instanceof grpc.Metadata && rest[0].get('requires-leader').length > 0;
            asked.push(isLed ? 'leader' : 'anybody');
            const options = request.getOptions();
            if (!isLed && options?.hasCount() && options.getReadDirection() === 0)
              options.getFilter()?.getStreamIdentifier()?.setRegex('^nothing$');
            return read(request, ...rest);
          }),
        ),
      ),
  });
  return asked;
}

type Read = StreamsClient['read'];

/** A stub whose reads go another way. */
function reading(
  stub: StreamsClient,
  by: (read: Read, ...request: Parameters<Read>) => ReturnType<Read>,
): StreamsClient {
  return new Proxy(stub, {
    get(target, name) {
      if (name !== 'read') return Reflect.get(target, name).bind(target);
      return (...request: Parameters<Read>) => by(target.read.bind(target), ...request);
    },
  });
}

function watched(stub: StreamsClient, calls: Set<unknown>): StreamsClient {
  return reading(stub, (read, ...request) => {
    const call = read(...request);
    calls.add(call);
    return call.once('status', () => calls.delete(call));
  });
}

describe('a position', () => {
  test('with prepare 0, as servers’ checkpoints have, is before the event of its commit position', async () => {
    const opened = await openTestEventStore();
    const { store } = opened;
    for (const stream of ['a', 'b', 'c']) await store.append(commitOf(appendTo(stream, 'no-stream')));
    const log = (await Array.fromAsync(store.readAll())).flatMap(({ events }) => events);
    const { commit } = toPlace(log[1]?.position ?? '');
    const checkpoint = toPosition({ commit, prepare: '0' });
    const after = (await Array.fromAsync(store.readAll({ after: checkpoint }))).flatMap(
      ({ events }) => events,
    );
    expect(after).toEqual(log.slice(1));
    const listener = listen(opened, checkpoint);
    await expect.poll(() => listener.events.length, { timeout: 20_000 }).toBe(2);
    expect(listener.events).toEqual(log.slice(1));
  });

  test('moves with claims and other hidden events only as far as the log that is shown', async () => {
    const { store } = await openTestEventStore();
    const commit = withClaims(commitOf(appendTo('a', 'no-stream')), 'one', 'two');
    const { position } = await store.append(commit);
    const pages = await Array.fromAsync(store.readAll({ prefixes: ['b'] }));
    expect(pages).toEqual([{ events: [], position }]);
  });

  test('of another engine is refused, and not taken for one before or behind all', async () => {
    const { store } = await openTestEventStore();
    await store.append(commitOf(appendTo('a', 'no-stream')));
    for (const after of ['0000000000000001', '9', '']) {
      await expect(Array.fromAsync(store.readAll({ after }))).rejects.toThrow(RangeError);
      await expect(Array.fromAsync(store.subscribe({ after }))).rejects.toThrow(RangeError);
    }
  });

  test('that is none of the log is damage, for a read and for a subscription, and is not tried for ever', async () => {
    const { store } = await openTestEventStore();
    await store.append(commitOf(appendTo('a', 'no-stream')));
    const { position } = await store.append(commitOf(appendTo('b', 'no-stream')));
    const { commit } = toPlace(position);
    const off = String(BigInt(commit) - 1n);
    const after = toPosition({ commit: off, prepare: off });
    await expect(Array.fromAsync(store.readAll({ after }))).rejects.toMatchObject({ code: 'store-damaged' });
    await expect(Array.fromAsync(store.subscribe({ after }))).rejects.toMatchObject({
      code: 'store-damaged',
    });
  });
});

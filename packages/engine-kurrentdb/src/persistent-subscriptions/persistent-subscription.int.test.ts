import { randomUUID } from 'node:crypto';
import { jsonEvent } from '@kurrent/kurrentdb-client';
import { newEvent } from '@openbank/eventsourcing/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connect, type KurrentConnection } from '../connection/connect.ts';
import { createKurrentEventStore } from '../log/kurrent-event-store.ts';
import { startKurrentDouble } from '../testing/index.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import type { Delivery, Handler, Verdict } from './consume.ts';
import {
  openPersistentSubscription,
  type PersistentSubscription,
  type PersistentSubscriptionOptions,
} from './persistent-subscription.ts';

const DONE: Verdict = { kind: 'done' };

let server: TestServer;
let connection: KurrentConnection;
const stopping: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = await startTestServer();
  connection = await connect(server.connectionString);
});
afterEach(async () => {
  await Promise.all(stopping.splice(0).map((stop) => stop()));
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

/** A subscription of its own, and the stream it is about. */
async function fresh(options: Partial<PersistentSubscriptionOptions> = {}) {
  const name = randomUUID();
  const wanted = {
    group: `letters-${name}`,
    prefixes: [`shelf-${name}`],
    startFrom: 'start',
    ...options,
  } as const;
  const subscription = await openPersistentSubscription(connection, wanted);
  return { subscription, stream: `shelf-${name}-1`, group: wanted.group, wanted };
}

async function append(
  stream: string,
  count: number,
  after = -1,
  to = connection,
): Promise<readonly string[]> {
  const store = createKurrentEventStore(to);
  const events = Array.from({ length: count }, () => newEvent());
  const expected = after < 0 ? 'no-stream' : after;
  await store.append({ streams: [{ stream, expected, events }], claims: [] });
  await store.close();
  return events.map(({ id }) => id);
}

/** Consumes beside the test, which ends it by itself or at its end. */
function consuming(subscription: PersistentSubscription, handle: Handler, concurrency = 10) {
  const stopped = new AbortController();
  const outages: Error[] = [];
  const ended = subscription.consume(handle, {
    signal: stopped.signal,
    concurrency,
    retryDelay: 1,
    onOutage: (error) => outages.push(error),
  });
  const stop = async () => {
    stopped.abort();
    await ended;
  };
  stopping.push(() => stop().catch(() => {}));
  return { stop, ended, outages };
}

const collecting = (verdict: (delivery: Delivery) => Verdict = () => DONE) => {
  const seen: Delivery[] = [];
  const handle: Handler = async (delivery) => {
    seen.push(delivery);
    return verdict(delivery);
  };
  return { seen, handle, revisions: () => seen.map(({ event }) => event.revision) };
};

async function parkedOf(subscription: PersistentSubscription) {
  const parked = [];
  for await (const each of subscription.parked()) parked.push(each);
  return parked;
}

describe('persistent subscription', () => {
  test('delivers what has happened before it was made, whole, and what comes then', async () => {
    const { subscription, stream } = await fresh();
    const ids = await append(stream, 2);
    const { seen, handle } = collecting();
    consuming(subscription, handle);
    await expect.poll(() => seen.length).toBe(2);
    await append(stream, 1, 1);
    await expect.poll(() => seen.map(({ event }) => event.revision)).toEqual([0, 1, 2]);
    expect(seen.map(({ event }) => event.id).slice(0, 2)).toEqual(ids);
    expect(seen.map(({ event }) => event)).toEqual(await eventsOf(stream));
  });

  test('begins where it is told to: at the end, or with the event at a position', async () => {
    const { stream, wanted } = await fresh();
    await append(stream, 2);
    const [, second] = await eventsOf(stream);
    const fromEnd = await openPersistentSubscription(connection, {
      ...wanted,
      group: randomUUID(),
      startFrom: 'end',
    });
    const fromSecond = await openPersistentSubscription(connection, {
      ...wanted,
      group: randomUUID(),
      startFrom: second?.position ?? '',
    });
    const [atEnd, atSecond] = [collecting(), collecting()];
    consuming(fromEnd, atEnd.handle);
    consuming(fromSecond, atSecond.handle);
    await append(stream, 1, 1);
    await expect.poll(() => atEnd.revisions()).toEqual([2]);
    await expect.poll(() => atSecond.revisions()).toEqual([1, 2]);
  });

  test('goes on where it was when it is opened again', async () => {
    const { subscription, stream, wanted } = await fresh();
    await append(stream, 2);
    const first = collecting();
    const { stop } = consuming(subscription, first.handle);
    await expect.poll(() => first.seen.length).toBe(2);
    await stop();
    await append(stream, 1, 1);
    const again = collecting();
    consuming(await openPersistentSubscription(connection, wanted), again.handle);
    await expect
      .poll(() => again.seen.filter(({ retries }) => retries === 0).map(({ event }) => event.revision))
      .toEqual([2]);
  });

  test('deals the events out among its consumers', async () => {
    const { subscription, stream } = await fresh();
    const [one, other] = [collecting(), collecting()];
    consuming(subscription, one.handle, 2);
    consuming(subscription, other.handle, 2);
    await append(stream, 40);
    await expect.poll(() => one.seen.length + other.seen.length).toBe(40);
    expect(one.seen.length).toBeGreaterThan(0);
    expect(other.seen.length).toBeGreaterThan(0);
    expect(new Set([...one.revisions(), ...other.revisions()]).size).toBe(40);
  });

  test('gives what a consumer that went had not handled to another, as a retry', async () => {
    const { wanted, stream } = await fresh();
    await append(stream, 3);
    const gone = await connect(server.connectionString);
    const dying = collecting(() => DONE);
    const handling = consuming(await openPersistentSubscription(gone, wanted), async (delivery) => {
      await dying.handle(delivery);
      return new Promise(() => {});
    });
    handling.ended.catch(() => {});
    stopping.pop();
    await expect.poll(() => dying.seen.length).toBe(3);
    await gone.close();
    const { seen, handle } = collecting();
    consuming(await openPersistentSubscription(connection, wanted), handle);
    await expect
      .poll(() => seen.map(({ event, retries }) => [event.revision, retries]))
      .toEqual([
        [0, 1],
        [1, 1],
        [2, 1],
      ]);
  });

  test('handles no more events at a time than it is told to', async () => {
    const { subscription, stream } = await fresh();
    await append(stream, 12);
    let [atOnce, most, handled] = [0, 0, 0];
    consuming(
      subscription,
      async () => {
        most = Math.max(most, ++atOnce);
        await new Promise(setImmediate);
        atOnce--;
        handled++;
        return DONE;
      },
      3,
    );
    await expect.poll(() => handled).toBe(12);
    expect(most).toBe(3);
  });

  test('delivers again what is to be retried, and parks it when that is too often', async () => {
    const { subscription, stream } = await fresh({ maxRetries: 2 });
    await append(stream, 3);
    const { seen, handle } = collecting(({ event, retries }) => {
      if (event.revision === 1) throw Object.assign(new Error('Zoë is away'), { code: 'ECONNREFUSED' });
      return event.revision === 2 && retries === 0 ? { kind: 'retry', reason: 'busy' } : DONE;
    });
    consuming(subscription, handle);
    await expect.poll(async () => (await parkedOf(subscription)).length).toBe(1);
    const retriesOf = (revision: number) =>
      seen.filter(({ event }) => event.revision === revision).map(({ retries }) => retries);
    expect([retriesOf(0), retriesOf(1), retriesOf(2)]).toEqual([[0], [0, 1, 2], [0, 1]]);
    const [parked] = await parkedOf(subscription);
    expect(parked).toMatchObject({ stream, revision: 1, event: { revision: 1, stream } });
    expect(JSON.stringify(parked)).not.toContain('Zoë');
  });

  test('parks at once what cannot be handled, lists it with the reason, and delivers it again on demand', async () => {
    const { subscription, stream } = await fresh();
    const ids = await append(stream, 3);
    let isKnown = false;
    const { revisions, handle } = collecting(({ event }) =>
      event.revision === 1 || isKnown ? DONE : { kind: 'park', reason: 'no address' },
    );
    consuming(subscription, handle);
    await expect.poll(async () => (await parkedOf(subscription)).length).toBe(2);
    const parked = await parkedOf(subscription);
    expect(parked.map(({ event, stream, revision }) => [event?.id, stream, revision])).toEqual([
      [ids[0], stream, 0],
      [ids[2], stream, 2],
    ]);
    expect(parked[0]?.reason).toContain('no address');
    expect(Date.parse(parked[0]?.parkedAt ?? '')).toBeGreaterThan(0);

    isKnown = true;
    await subscription.replayParked(1);
    await expect.poll(revisions).toEqual([0, 1, 2, 0]);
    expect((await parkedOf(subscription)).map(({ revision }) => revision)).toEqual([2]);
    await subscription.replayParked();
    await expect.poll(revisions).toEqual([0, 1, 2, 0, 2]);
    expect(await parkedOf(subscription)).toEqual([]);
  });

  test('parks what this program has not written, and goes on', async () => {
    const { subscription, stream } = await fresh();
    await connection.client.appendToStream(stream, jsonEvent({ type: 'Foreign', data: {} }));
    await append(stream, 1, 0);
    const { revisions, handle } = collecting();
    consuming(subscription, handle);
    await expect.poll(revisions).toEqual([1]);
    expect(await parkedOf(subscription)).toMatchObject([{ stream, revision: 0, event: undefined }]);
  });

  test('ends when it is told to, after what is under way', async () => {
    const { subscription, stream } = await fresh();
    await append(stream, 1);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    let isHandled = false;
    const { stop } = consuming(subscription, async () => {
      begin();
      await released;
      isHandled = true;
      return DONE;
    });
    await begun;
    const stopped = stop();
    release();
    await stopped;
    expect(isHandled).toBe(true);
    const again = collecting();
    consuming(subscription, again.handle);
    await append(stream, 1, 0);
    await expect.poll(() => again.revisions()).toContain(1);
    expect(again.seen.filter(({ retries }) => retries === 0).map(({ event }) => event.revision)).toEqual([1]);
  });

  test('reconnects when the server has dropped its consumers', async () => {
    const { subscription, stream, group } = await fresh();
    const { revisions, handle } = collecting();
    const { outages } = consuming(subscription, handle);
    await append(stream, 1);
    await expect.poll(revisions).toEqual([0]);
    await connection.client.updatePersistentSubscriptionToAll(group, {
      ...(await connection.client.getPersistentSubscriptionToAllInfo(group)).settings,
    });
    await expect.poll(() => outages.length).toBeGreaterThan(0);
    await append(stream, 1, 0);
    await expect.poll(revisions).toContain(1);
  });

  test('sits out an outage of the server', async () => {
    const double = await startKurrentDouble();
    const own = await connect(double.connectionString);
    const wanted = { group: 'letters', prefixes: ['shelf-'], startFrom: 'start' } as const;
    const { revisions, handle } = collecting();
    const { outages, stop } = consuming(await openPersistentSubscription(own, wanted), handle);
    await append('shelf-1', 1, -1, own);
    await expect.poll(revisions).toEqual([0]);
    await double.goDown();
    await expect.poll(() => outages.length).toBeGreaterThan(1);
    await double.comeBack();
    await expect
      .poll(() =>
        append('shelf-1', 1, 0, own).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await expect.poll(revisions, { timeout: 15_000 }).toContain(1);
    await stop();
    await own.close();
    await double.stop();
  });

  test('fails when it has been deleted: made again, it would repeat every effect', async () => {
    const { subscription, group } = await fresh();
    const { ended } = consuming(subscription, collecting().handle);
    const failed = expect(ended).rejects.toMatchObject({ code: 'store-misconfigured' });
    await expect
      .poll(
        async () => (await connection.client.getPersistentSubscriptionToAllInfo(group)).connections.length,
      )
      .toBe(1);
    await connection.client.deletePersistentSubscriptionToAll(group);
    await failed;
  });
});

async function eventsOf(stream: string) {
  const store = createKurrentEventStore(connection);
  const events = [];
  for await (const page of store.readStream(stream)) events.push(...page);
  await store.close();
  return events;
}

import { randomUUID } from 'node:crypto';
import { newEvents } from '@openbank/eventsourcing/testing';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { connect, type KurrentConnection } from '../connection/connect.ts';
import { createKurrentEventStore } from '../log/kurrent-event-store.ts';
import type { Delivery, Handler, Verdict } from '../persistent-subscriptions/delivery.ts';
import {
  openPersistentSubscription,
  type PersistentSubscription,
  type PersistentSubscriptionOptions,
} from '../persistent-subscriptions/persistent-subscription.ts';
import { startTestServer, type TestServer } from './test-server.ts';

export const DONE: Verdict = { kind: 'done' };

const stopping: (() => Promise<void>)[] = [];

/** The server and the connection of a file of tests; what still consumes at the end of a test is stopped. */
export function useServer(): { readonly server: TestServer; readonly connection: KurrentConnection } {
  const used: { server?: TestServer; connection?: KurrentConnection } = {};
  beforeAll(async () => {
    used.server = await startTestServer();
    used.connection = await connect(used.server.connectionString);
  });
  afterEach(async () => {
    await Promise.all(stopping.splice(0).map((stop) => stop()));
  });
  afterAll(async () => {
    await used.connection?.close();
    await used.server?.stop();
  });
  return {
    get server() {
      return there(used.server);
    },
    get connection() {
      return there(used.connection);
    },
  };
}

function there<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error('it is there while tests run only');
  return thing;
}

/** A subscription of its own, and the stream it is about. */
export async function fresh(
  connection: KurrentConnection,
  options: Partial<PersistentSubscriptionOptions> = {},
) {
  const name = randomUUID();
  const [group, stream] = [`letters-${name}`, `shelf-${name}-1`];
  const wanted = { group, prefixes: [`shelf-${name}`], startFrom: 'start', ...options } as const;
  return { subscription: await openPersistentSubscription(connection, wanted), stream, group, wanted };
}

/**
 * Appends new events.
 *
 * @param after - the revision that the stream is at; -1: there is none
 * @returns their ids
 */
export async function append(connection: KurrentConnection, stream: string, count: number, after = -1) {
  const store = createKurrentEventStore(connection);
  const events = newEvents(count);
  const expected = after < 0 ? 'no-stream' : after;
  await store.append({ streams: [{ stream, expected, events }], claims: [] });
  await store.close();
  return events.map(({ id }) => id);
}

/** Consumes beside the test, until that stops it or ends. */
export function consuming(subscription: PersistentSubscription, handle: Handler, concurrency = 10) {
  const stopped = new AbortController();
  const outages: Error[] = [];
  const { signal } = stopped;
  const onOutage = (error: Error) => outages.push(error);
  const ended = subscription.consume(handle, { signal, concurrency, retryDelay: 1, onOutage });
  const stop = async () => {
    stopped.abort();
    await ended;
  };
  stopping.push(() => stop().catch(() => {}));
  return { stop, ended, outages };
}

/** Looks until it is so; longer than the usual second, for a busy machine. */
export function eventually<Seen>(look: () => Seen) {
  return expect.poll(look, { timeout: 15_000 });
}

/** A handler that remembers what it was given. */
export function collecting(verdict: (delivery: Delivery) => Verdict = () => DONE) {
  const seen: Delivery[] = [];
  const handle: Handler = async (delivery) => {
    seen.push(delivery);
    return verdict(delivery);
  };
  return { seen, handle, revisions: () => seen.map(({ event }) => event.revision) };
}

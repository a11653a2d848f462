import { randomUUID } from 'node:crypto';
import {
  type AppendStreamState,
  type EventData,
  type JSONEventType,
  jsonEvent,
  KurrentDBClient,
} from '@kurrent/kurrentdb-client';
import { afterAll, beforeAll } from 'vitest';
import { startTestServer, type TestServer } from '../../test-server.ts';

/** Who asks: a client of the double, or of the real server that `OPENBANK_TEST_KURRENTDB` names. */
export interface Asker {
  readonly client: () => KurrentDBClient;
  /** A stream's name that nobody else uses; `outcome` shows it as it was given. */
  readonly stream: (name: string) => string;
  /** What a call ended with, in a form that two servers share: without ids, positions and times. */
  readonly outcome: (call: Promise<unknown>) => Promise<unknown>;
  /** The outcome of one call to several streams. */
  readonly multi: (...parts: Part[]) => Promise<unknown>;
  readonly revisions: (name: string, options?: ReadOptions) => Promise<bigint[]>;
}

/** One stream of a call to several. */
export type Part = [name: string, expected: AppendStreamState, ...events: EventData[]];

export type ReadOptions = Parameters<KurrentDBClient['readStream']>[1];

/** Starts the server for one file of questions, and ends it behind them. */
export const asksServer = (): Asker => {
  const prefix = `q${randomUUID().replaceAll('-', '').slice(0, 12)}-`;
  const at = connection();
  const stream = (name: string) => `${prefix}${name}`;
  const withoutPrefix = (text: string) => text.replaceAll(prefix, '');
  const readRevisions = async (name: string, options?: ReadOptions) =>
    (await all(at().client.readStream(stream(name), { maxCount: 20_000, ...options }))).map(
      ({ event }) => event?.revision ?? -1n,
    );
  const outcome = (call: Promise<unknown>) =>
    call.then((result) => describe(result, withoutPrefix), shownError(withoutPrefix));
  const request = ([name, expectedState, ...appended]: Part) => ({
    streamName: stream(name),
    expectedState,
    events: appended,
  });
  return {
    client: () => at().client,
    stream,
    outcome,
    multi: (...parts) => outcome(at().client.multiStreamAppend(parts.map(request))),
    revisions: readRevisions,
  };
};

const connection = () => {
  let started: { readonly server: TestServer; readonly client: KurrentDBClient } | undefined;
  beforeAll(async () => {
    const server = await startTestServer();
    started = { server, client: KurrentDBClient.connectionString(server.connectionString) };
  });
  afterAll(async () => {
    await started?.client.dispose();
    await started?.server.stop();
  });
  return () => {
    if (started === undefined) throw new Error('Ask inside a test: the server starts before the first.');
    return started;
  };
};

/** An event with a number that tells it from its neighbours. */
export const event = (n: number, more: Partial<JSONEventType> & { id?: string } = {}) =>
  jsonEvent({ type: 'Deposited', data: { n }, metadata: { $correlationId: 'c1' }, ...more });

export const events = (count: number) => Array.from({ length: count }, (_, n) => event(n));

export const all = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
};

/** Appends and multi-stream appends by their revisions; whatever else as it is. */
const describe = (result: unknown, shown: (text: string) => string): unknown => {
  if (typeof result !== 'object' || result === null) return result;
  if ('nextExpectedRevision' in result) return describeAppend(result);
  if ('responses' in result && Array.isArray(result.responses)) {
    return Object.fromEntries(
      result.responses.map(({ streamName, revision }) => [shown(String(streamName)), revision]),
    );
  }
  return result;
};

const describeAppend = (result: object): unknown => {
  const { nextExpectedRevision, position } = { position: undefined, ...result } as Record<string, unknown>;
  return position === undefined ? [nextExpectedRevision, 'no position'] : nextExpectedRevision;
};

/** An error by its type and what it names; its message only where the client adds nothing else. */
const shownError =
  (shown: (text: string) => string) =>
  (error: unknown): unknown => {
    if (!(error instanceof Error)) return error;
    const known = { ...error } as Record<string, unknown>;
    const { type, code, streamName, stream, expectedState, actualState, violations } = known;
    const fields = { type: type ?? error.name, code, stream: streamName ?? stream };
    const states = { expected: expectedState, actual: actualState, violations };
    return JSON.parse(shown(JSON.stringify({ ...fields, ...states }, bigintAsText)));
  };

const bigintAsText = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${value}` : value;

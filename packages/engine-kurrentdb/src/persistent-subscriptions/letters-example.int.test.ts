import { randomUUID } from 'node:crypto';
import { newEvent } from '@openbank/eventsourcing/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  connect,
  createKurrentEventStore,
  type KurrentConnection,
  openPersistentSubscription,
} from '../index.ts';
import { eventually } from '../testing/consumers.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

/** What the side effect needs from elsewhere. */
interface Post {
  addressOf(reader: string): string | undefined;
  /** Sends a letter once: a second one of the same id is none. */
  send(letter: { readonly id: string; readonly address: string }): Promise<void>;
}

function openLetters(connection: KurrentConnection, books: string) {
  return openPersistentSubscription(connection, {
    group: `letters about ${books}`,
    prefixes: [books],
    startFrom: 'start',
    maxRetries: 5,
  });
}

type Letters = Awaited<ReturnType<typeof openLetters>>;

/** Sends a letter about each book that is lent, until it is told to end. Any number of processes may do so at once. */
function sendLetters(letters: Letters, post: Post, signal: AbortSignal): Promise<void> {
  return letters.consume(
    async ({ event }) => {
      if (event.type !== 'BookLent') return { kind: 'done' };
      const address = post.addressOf(JSON.parse(event.data).to);
      if (address === undefined) return { kind: 'park', reason: 'the reader has no address' };
      // Where this throws, the event comes again after a pause; at the sixth time, it is parked.
      await post.send({ id: event.id, address });
      return { kind: 'done' };
    },
    { signal, concurrency: 20 },
  );
}

/** What somebody has to look at: `book-dune@0: the reader has no address`. */
async function unsent(letters: Letters): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { stream, revision, reason } of letters.parked()) {
    lines.push(`${stream}@${revision}: ${reason}`);
  }
  return lines;
}

let server: TestServer;
let connection: KurrentConnection;
beforeAll(async () => {
  server = await startTestServer();
  connection = await connect(server.connectionString);
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

async function lend(stream: string, to: string): Promise<void> {
  const store = createKurrentEventStore(connection);
  const events = [newEvent({ type: 'BookLent', data: JSON.stringify({ to }) })];
  await store.append({ streams: [{ stream, expected: 'no-stream', events }], claims: [] });
  await store.close();
}

test('a letter is sent about each book that is lent; one without an address waits until there is one', async () => {
  const books = `book-${randomUUID()}-`;
  const addresses = new Map([['Ada', 'London']]);
  const sent = new Map<string, string>();
  const ending = new AbortController();
  const letters = await openLetters(connection, books);
  const sending = sendLetters(
    letters,
    {
      addressOf: (reader) => addresses.get(reader),
      send: async ({ id, address }) => void sent.set(id, address),
    },
    ending.signal,
  );
  await lend(`${books}dune`, 'Ada');
  await lend(`${books}emma`, 'Grace');
  await eventually(() => unsent(letters)).toEqual([
    expect.stringMatching(/emma@0: .*the reader has no address/s),
  ]);
  expect([...sent.values()]).toEqual(['London']);

  addresses.set('Grace', 'New York');
  await letters.replayParked();
  await eventually(() => [...sent.values()]).toEqual(['London', 'New York']);
  expect(await unsent(letters)).toEqual([]);
  ending.abort();
  await sending;
});

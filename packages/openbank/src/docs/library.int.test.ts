import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventStore, openSqliteKeyStore, openSqliteReadModelStore } from '@openbank/engine-sqlite';
import {
  type CommandContext,
  createMemoryEventStore,
  createMemoryKeyStore,
  createMemoryReadModelStore,
  createProgress,
  createRepository,
  createVault,
  type EventStore,
  type KeyStore,
  type ReadModelStore,
  runProjections,
  waitUntil,
} from '@openbank/eventsourcing';
import { given } from '@openbank/eventsourcing/testing';
import { expect, test } from 'vitest';
import { type BookEvent, book, bookAggregate, giveBack, lend, loans } from './library.ts';

const lentToAda: BookEvent = { type: 'BookLent', data: { to: 'Ada' } };
const returned: BookEvent = { type: 'BookReturned', data: {} };

test('a book is lent to one reader at a time', () => {
  given(bookAggregate)
    .when((book) => lend(book, 'Ada'))
    .then([lentToAda]);
  given(bookAggregate, [lentToAda])
    .when((book) => lend(book, 'Grace'))
    .thenRefused('book-is-lent');
  given(bookAggregate, [lentToAda])
    .when((book) => lend(book, 'Ada'))
    .thenNothing();
  given(bookAggregate, [lentToAda, returned])
    .when((book) => lend(book, 'Ada'))
    .then([lentToAda]);
});

interface Engine {
  readonly store: EventStore;
  readonly models: ReadModelStore;
  readonly keys: KeyStore;
}

/** A library on any engine. */
async function openLibrary({ store, models, keys }: Engine) {
  const vault = await createVault({ keys, masterKey: randomBytes(32) });
  const repository = createRepository({ store, vault });
  const progress = createProgress();
  const ending = new AbortController();
  const running = runProjections({
    reader: store,
    store: models,
    projections: [loans],
    signal: ending.signal,
    onProgress: progress.moved,
  });

  return {
    lendBook: (id: string, to: string, context: CommandContext) =>
      repository.execute(
        {
          on: [book(id)],
          decide: ([state]) => [lend(state, to)],
          answer: (events) => ({ lent: events.length > 0 }),
        },
        context,
      ),
    returnBook: (id: string, context: CommandContext) =>
      repository.execute(
        { on: [book(id)], decide: ([state]) => [giveBack(state)], answer: () => ({}) },
        context,
      ),
    /** The books that somebody has, no older than a position. */
    async lentTo(reader: string, position: string) {
      await waitUntil(progress, [loans], position, 2_000);
      const { documents } = await models.find(loans, { where: { lent_to: reader }, limit: 100 });
      return documents.map(({ id }) => id);
    },
    async close() {
      ending.abort();
      await running;
      for (const part of [store, models, keys]) await part.close();
    },
  };
}

/** Ids are made at the edge. With a key, the command happens once however often it is sent. */
function newContext(key?: string): CommandContext {
  const commandId = randomUUID();
  const ids = { commandId, correlationId: commandId, causationId: commandId, actor: undefined };
  if (key === undefined) return ids;
  return { ...ids, idempotency: { claim: `idempotency/reader/${key}`, requestHash: 'lend' } };
}

async function useLibrary(engine: Engine): Promise<void> {
  const library = await openLibrary(engine);
  try {
    const first = await library.lendBook('dune', 'Ada', newContext('loan-1'));
    expect(first).toMatchObject({ answer: { lent: true }, replayed: false });
    const again = await library.lendBook('dune', 'Ada', newContext('loan-1'));
    expect(again).toMatchObject({ answer: { lent: true }, replayed: true });

    await expect(library.lendBook('dune', 'Grace', newContext())).rejects.toThrow('Somebody else has');
    expect(await library.lentTo('Ada', first.position)).toEqual(['dune']);

    const { position } = await library.returnBook('dune', newContext());
    expect(await library.lentTo('Ada', position)).toEqual([]);
  } finally {
    await library.close();
  }
}

test('a library runs in memory', async () => {
  await useLibrary({
    store: createMemoryEventStore(),
    models: createMemoryReadModelStore(),
    keys: createMemoryKeyStore(),
  });
});

test('a library runs on SQLite files', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'library-'));
  try {
    await useLibrary({
      store: await openSqliteEventStore({ directory }),
      models: openSqliteReadModelStore({ directory }),
      keys: openSqliteKeyStore({ directory }),
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
});

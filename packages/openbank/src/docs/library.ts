import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteEventStore, openSqliteKeyStore, openSqliteReadModelStore } from '@openbank/engine-sqlite';
import {
  type Aggregate,
  type AggregateRef,
  type CommandContext,
  createProgress,
  createRepository,
  createVault,
  type DomainEvent,
  type EventStore,
  type KeyStore,
  loadMasterKey,
  type ProjectedEvent,
  type Projection,
  type ReadModelStore,
  runProjections,
  waitUntil,
} from '@openbank/eventsourcing';

// A library that lends its books, for docs/kit.md. The domain knows the kit's types, and no engine.

export type BookEvent =
  | DomainEvent<'BookLent', { readonly to: string }>
  | DomainEvent<'BookReturned', Readonly<Record<string, never>>>;

export interface Book {
  /** Undefined while it is in the library. */
  readonly lentTo: string | undefined;
}

export const bookAggregate: Aggregate<Book, BookEvent> = {
  type: 'Book',
  streamPrefix: 'book-',
  eventTypes: ['BookLent', 'BookReturned'],
  initialState: { lentTo: undefined },
  evolve(_book, event) {
    switch (event.type) {
      case 'BookLent':
        return { lentTo: event.data.to };
      case 'BookReturned':
        return { lentTo: undefined };
      default:
        return event satisfies never;
    }
  },
};

function book(id: string): AggregateRef<Book, BookEvent> {
  return { aggregate: bookAggregate, id };
}

class BookIsLent extends Error {
  readonly code = 'book-is-lent';
}

export function lend({ lentTo }: Book, to: string): readonly BookEvent[] {
  if (lentTo === to) return [];
  if (lentTo !== undefined) throw new BookIsLent('Somebody else has this book: wait until it is returned.');
  return [{ type: 'BookLent', data: { to } }];
}

export function giveBack({ lentTo }: Book): readonly BookEvent[] {
  return lentTo === undefined ? [] : [{ type: 'BookReturned', data: {} }];
}

/** Where each book is that was ever lent. */
export const loans: Projection = {
  name: 'loans',
  version: 1,
  fields: { lent_to: 'text' },
  indexes: [['lent_to']],
  streamPrefix: bookAggregate.streamPrefix,
  eventTypes: bookAggregate.eventTypes,
  creates: ['BookLent'],
  documentIds: ({ aggregateId }) => [aggregateId],
  evolve(_fields, { event }: ProjectedEvent<BookEvent>) {
    return { lent_to: event.type === 'BookLent' ? event.data.to : null };
  },
};

/** Where a library is kept. */
export interface Engine {
  readonly store: EventStore;
  readonly models: ReadModelStore;
  readonly keys: KeyStore;
  readonly masterKey: Uint8Array;
}

/** A library on any engine. */
export async function openLibrary({ store, models, keys, masterKey }: Engine) {
  const vault = await createVault({ keys, masterKey });
  const repository = createRepository({ store, vault });
  const progress = createProgress();
  const ending = new AbortController();
  const running = runProjections({
    reader: store,
    store: models,
    projections: [loans],
    signal: ending.signal,
    onNews: progress.tell,
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
export function newContext(key?: string): CommandContext {
  const commandId = randomUUID();
  const ids = { commandId, correlationId: commandId, causationId: commandId, actor: undefined };
  if (key === undefined) return ids;
  return { ...ids, idempotency: { claim: `idempotency/reader/${key}`, requestHash: 'lend' } };
}

/** On SQLite files in a directory, durable at every answer. */
export async function openFiles(directory: string): Promise<Engine> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const keys = openSqliteKeyStore({ directory });
  const masterKey = await loadMasterKey({
    file: join(directory, 'master.key'),
    keysExist: !(await keys.isEmpty()),
  });
  const store = await openSqliteEventStore({ directory });
  return { store, models: openSqliteReadModelStore({ directory }), keys, masterKey };
}

/** Lends a book once, however often it is run. */
async function main(directory = 'library'): Promise<void> {
  const library = await openLibrary(await openFiles(directory));
  try {
    const { replayed, position } = await library.lendBook('dune', 'Ada', newContext('loan-1'));
    const books = await library.lentTo('Ada', position);
    process.stdout.write(`Ada has ${books.join(', ')}${replayed ? ', as before' : ''}.\n`);
  } finally {
    await library.close();
  }
}

if (import.meta.main) await main(process.argv[2]);

import { randomBytes } from 'node:crypto';
import {
  type Aggregate,
  createMemoryEventStore,
  createMemoryKeyStore,
  createMemorySnapshotStore,
  createRepository,
  createVault,
  type DomainEvent,
  type SnapshotObservation,
  stateCodec,
  type Upcaster,
} from '@openbank/eventsourcing';
import { expect, test, vi } from 'vitest';
import { type Book, type BookEvent, bookAggregate, giveBack, lend, newContext } from './library.ts';

// What a library needs after some years, for docs/kit.md.

/** How a book is kept as text, so that a load need not begin at its first event. */
const bookCodec = stateCodec({
  version: 1,
  fields: { lentTo: 'json' },
  encode: ({ lentTo }: Book) => ({ lentTo: lentTo ?? null }),
  decode: ({ lentTo }) => ({ lentTo: typeof lentTo === 'string' ? lentTo : undefined }),
});

const keptBook: Aggregate<Book, BookEvent> = { ...bookAggregate, snapshots: bookCodec };

const vault = await createVault({ keys: createMemoryKeyStore(), masterKey: randomBytes(32) });

test('a book with a long history is loaded from a snapshot', async () => {
  const store = createMemoryEventStore();
  const snapshotStore = createMemorySnapshotStore();
  const seen: SnapshotObservation['kind'][] = [];
  const observe = ({ kind }: SnapshotObservation) => void seen.push(kind);
  const start = () =>
    createRepository({ store, vault, snapshots: { store: snapshotStore, every: 100, observe } });
  const repository = start();
  for (let at = 0; at < 100; at++) {
    await repository.execute(
      {
        on: [{ aggregate: keptBook, id: 'dune' }],
        decide: ([book]) => [book.lentTo === undefined ? lend(book, 'Ada') : giveBack(book)],
        answer: () => undefined,
      },
      newContext(),
    );
  }
  await vi.waitFor(() => expect(seen).toContain('saved'));
  const again = await start().execute(
    {
      on: [{ aggregate: keptBook, id: 'dune' }],
      decide: ([book]) => [lend(book, 'Grace')],
      answer: ([lent]) => lent?.event.data,
    },
    newContext(),
  );
  expect(again.answer).toEqual({ to: 'Grace' });
  expect(seen.at(-1)).toBe('loaded');
});

/** Once `BookLent` named its reader under `reader`, and first it was called `BookTaken`. */
const upcasters: readonly Upcaster[] = [
  {
    type: 'BookTaken',
    schemaVersion: 1,
    upcast: (data) => ({ type: 'BookLent', schemaVersion: 1, data }),
  },
  {
    type: 'BookLent',
    schemaVersion: 1,
    upcast(data) {
      const { reader } = data as { readonly reader: string };
      return { type: 'BookLent', schemaVersion: 2, data: { to: reader } };
    },
  },
];

const grownBook: Aggregate<Book, BookEvent> = { ...bookAggregate, upcasters };

test('what was recorded years ago is read as it would be recorded today', async () => {
  type Taken = DomainEvent<'BookTaken', { readonly reader: string }>;
  const firstBook: Aggregate<undefined, Taken> = {
    type: 'Book',
    streamPrefix: 'book-',
    eventTypes: ['BookTaken'],
    initialState: undefined,
    evolve: () => undefined,
  };
  const store = createMemoryEventStore();
  await createRepository({ store, vault }).execute(
    {
      on: [{ aggregate: firstBook, id: 'dune' }],
      decide: () => [[{ type: 'BookTaken', data: { reader: 'Ada' } }]],
      answer: () => undefined,
    },
    newContext(),
  );
  const lending = createRepository({ store, vault }).execute(
    {
      on: [{ aggregate: grownBook, id: 'dune' }],
      decide: ([book]) => [lend(book, 'Grace')],
      answer: () => undefined,
    },
    newContext(),
  );
  await expect(lending).rejects.toMatchObject({ code: 'book-is-lent' });
});

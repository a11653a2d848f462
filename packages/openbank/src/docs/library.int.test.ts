import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createMemoryEventStore,
  createMemoryKeyStore,
  createMemoryReadModelStore,
} from '@openbank/eventsourcing';
import { given } from '@openbank/eventsourcing/given-when-then';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type BookEvent,
  bookAggregate,
  type Engine,
  giveBack,
  lend,
  newContext,
  openFiles,
  openLibrary,
} from './library.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'library-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

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
  given(bookAggregate, [lentToAda]).when(giveBack).then([returned]);
  given(bookAggregate, [lentToAda, returned])
    .when((book) => lend(book, 'Ada'))
    .then([lentToAda]);
});

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
    masterKey: randomBytes(32),
  });
});

test('a library runs on SQLite files', async () => {
  await useLibrary(await openFiles(directory));
});

test('a library that is run again remembers what it has lent', () => {
  const run = () => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'library.ts'), directory],
      { encoding: 'utf8' },
    );
    return stdout + stderr;
  };
  expect(run()).toBe('Ada has dune.\n');
  expect(run()).toBe('Ada has dune, as before.\n');
});

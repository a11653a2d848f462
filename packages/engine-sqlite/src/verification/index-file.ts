import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { createIndexReader, type IndexReader } from '../log/indexing/index-reader.ts';
import { INDEX_FILE, INDEX_VERSION } from '../log/indexing/index-schema.ts';
import { type WalkedClaim, type WalkedEntry, walkClaims, walkEntries } from '../log/indexing/index-walk.ts';
import { allRowsOf, count, prepare, rowOf, text } from '../sqlite/columns.ts';
import { openReadOnly } from '../sqlite/open-read-only.ts';

/** The index as another process sees it. */
export interface IndexFile extends IndexReader {
  /** The names of streams by the numbers that entries know them by. */
  streams(): ReadonlyMap<number, string>;
  /** The runs of positions that look-ups go through. */
  runs(): ReadonlySet<number>;
  /** Stream, revision and position of every entry, in pages. */
  entries(): Iterable<readonly WalkedEntry[]>;
  /** Hash and position of every claim, in pages. */
  claims(): Iterable<readonly WalkedClaim[]>;
  close(): void;
}

/** Why there is no index to be looked at: `missing` and `other-version` are made good by the next start. */
export type NoIndex = 'missing' | 'other-version';

/** @throws SQLite's error where it cannot be read */
export function openIndexFile(directory: string): IndexFile | NoIndex {
  const path = join(directory, INDEX_FILE);
  if (!existsSync(path)) return 'missing';
  const database = openReadOnly(path, 5_000);
  try {
    if (count(rowOf(prepare(database, 'PRAGMA user_version'))?.[0]) === INDEX_VERSION)
      return fileOf(database);
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return 'other-version';
}

function fileOf(database: DatabaseSync): IndexFile {
  const names = prepare(database, 'SELECT id, name FROM streams');
  const runs = prepare(database, 'SELECT run FROM runs');
  return {
    ...createIndexReader(database),
    streams: () => new Map(allRowsOf(names).map(([id, name]) => [count(id), text(name)])),
    runs: () => new Set(allRowsOf(runs).map(([run]) => count(run))),
    entries: () => pages(walkEntries(database)),
    claims: () => pages(walkClaims(database)),
    close: () => database.close(),
  };
}

function* pages<Row>(next: () => readonly Row[]): Generator<readonly Row[]> {
  for (let page = next(); page.length > 0; page = next()) yield page;
}

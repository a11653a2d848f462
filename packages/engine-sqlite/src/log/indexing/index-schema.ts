import { hash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { prepare } from '../../sqlite/columns.ts';

export const INDEX_FILE = 'index.db';

/** Raised when the tables change: an index of another version is made again. */
export const INDEX_VERSION = 3;

// Keys of the log come in random order, and a tree that is written to all over costs a page for each of them once it is
// larger than the cache. So what belongs to a run of positions lies together: only the last run is written to, and all
// others rest. A look-up goes through the runs, the last one first.
export const CREATE_INDEX = `
  CREATE TABLE IF NOT EXISTS streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS runs (run INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS entries (
    run INTEGER NOT NULL,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (run, stream, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS claims (
    run INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (run, hash, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS reached (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    position INTEGER NOT NULL,
    link TEXT NOT NULL,
    digest INTEGER NOT NULL
  ) STRICT;
  PRAGMA user_version = ${INDEX_VERSION};
`;

/** Positions in a run: their entries and claims take some 18 MB, well within the cache of the index. */
export const RUN = 2 ** 19;

export interface IndexLookups {
  /** A stream's name: its last revision. */
  readonly lastRevision: StatementSync;
  /** A stream's name and a revision: its position. */
  readonly positionOf: StatementSync;
  /** The hash of a claim's name: the positions of the commits that may have taken it. */
  readonly claimants: StatementSync;
  readonly reached: StatementSync;
}

export interface IndexWrites {
  readonly streamId: StatementSync;
  readonly addStream: StatementSync;
  /** Does nothing where it is there. */
  readonly addRun: StatementSync;
  readonly addEntry: StatementSync;
  readonly addClaim: StatementSync;
  readonly setReached: StatementSync;
}

// CROSS JOIN keeps the order of the tables: one descent into each run, and none after that with the answer.
const ENTRIES_OF = `FROM streams s CROSS JOIN runs r CROSS JOIN entries i ON i.run = r.run AND i.stream = s.id
  WHERE s.name = ?`;

export function prepareLookups(database: DatabaseSync): IndexLookups {
  return {
    lastRevision: prepare(
      database,
      `SELECT i.revision ${ENTRIES_OF} ORDER BY r.run DESC, i.revision DESC LIMIT 1`,
    ),
    positionOf: prepare(
      database,
      `SELECT i.position ${ENTRIES_OF} AND i.revision = ? ORDER BY r.run DESC LIMIT 1`,
    ),
    claimants: prepare(
      database,
      'SELECT c.position FROM runs r CROSS JOIN claims c ON c.run = r.run WHERE c.hash = ? ORDER BY r.run, c.position',
    ),
    reached: prepare(database, 'SELECT position, link, digest FROM reached'),
  };
}

export function prepareIndexWrites(database: DatabaseSync): IndexWrites {
  return {
    streamId: prepare(database, 'SELECT id FROM streams WHERE name = ?'),
    addStream: prepare(database, 'INSERT INTO streams (name) VALUES (?) RETURNING id'),
    addRun: database.prepare('INSERT OR IGNORE INTO runs VALUES (?)'),
    addEntry: database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?)'),
    addClaim: database.prepare('INSERT INTO claims VALUES (?, ?, ?)'),
    setReached: database.prepare('INSERT OR REPLACE INTO reached VALUES (1, ?, ?, ?)'),
  };
}

let last = { name: '', hash: hashOf('') };

/**
 * 48 bits of a claim's name, which fit a number and six bytes on disk. Names that share them are told apart by the rows
 * that they point at. A name is asked for again as soon as it was found to be free: the last one is remembered.
 */
export function claimHash(name: string): number {
  if (name !== last.name) last = { name, hash: hashOf(name) };
  return last.hash;
}

function hashOf(name: string): number {
  return hash('sha256', name, 'buffer').readUIntBE(0, 6);
}

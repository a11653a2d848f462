import { hash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { prepare } from '../../sqlite/columns.ts';

export const INDEX_FILE = 'index.db';

/** Raised when the tables change: an index of another version is made again. */
export const INDEX_VERSION = 2;

export const CREATE_INDEX = `
  CREATE TABLE IF NOT EXISTS streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS entries (
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (stream, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS claims (
    hash INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (hash, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS reached (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    position INTEGER NOT NULL,
    link TEXT NOT NULL,
    digest INTEGER NOT NULL
  ) STRICT;
  PRAGMA user_version = ${INDEX_VERSION};
`;

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
  readonly addEntry: StatementSync;
  readonly addClaim: StatementSync;
  readonly setReached: StatementSync;
}

export function prepareLookups(database: DatabaseSync): IndexLookups {
  return {
    lastRevision: prepare(
      database,
      'SELECT i.revision FROM streams s CROSS JOIN entries i ON i.stream = s.id WHERE s.name = ? ORDER BY i.revision DESC LIMIT 1',
    ),
    positionOf: prepare(
      database,
      'SELECT i.position FROM streams s CROSS JOIN entries i ON i.stream = s.id WHERE s.name = ? AND i.revision = ?',
    ),
    claimants: prepare(database, 'SELECT position FROM claims WHERE hash = ? ORDER BY position'),
    reached: prepare(database, 'SELECT position, link, digest FROM reached'),
  };
}

export function prepareIndexWrites(database: DatabaseSync): IndexWrites {
  return {
    streamId: prepare(database, 'SELECT id FROM streams WHERE name = ?'),
    addStream: prepare(database, 'INSERT INTO streams (name) VALUES (?) RETURNING id'),
    addEntry: database.prepare('INSERT INTO entries VALUES (?, ?, ?)'),
    addClaim: database.prepare('INSERT INTO claims VALUES (?, ?)'),
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

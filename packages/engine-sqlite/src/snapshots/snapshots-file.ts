import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { count, prepare, rowOf } from '../sqlite/columns.ts';
import { makePrivate } from '../sqlite/files.ts';
import { openReadOnly } from '../sqlite/open-read-only.ts';
import { isDamage, toStoreError } from '../sqlite/sqlite-error.ts';

export const SNAPSHOTS_FILE = 'snapshots.db';

/** Raised when the tables change: a file of another version is begun anew. */
const VERSION = 1;

// `reached` holds how far the log had come when anything was kept: one row, beside the checksum that vouches for it.
const CREATE = `
  CREATE TABLE snapshots (
    stream TEXT NOT NULL,
    version TEXT NOT NULL,
    revision INTEGER NOT NULL,
    link TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    position TEXT NOT NULL,
    state TEXT NOT NULL,
    checksum TEXT NOT NULL,
    PRIMARY KEY (stream, version, revision)
  ) STRICT;
  CREATE TABLE reached (id INTEGER PRIMARY KEY CHECK (id = 1), position TEXT NOT NULL, crc INTEGER NOT NULL) STRICT;
  PRAGMA user_version = ${VERSION};
`;

// What a power cut takes, or a sync that failed in one of SQLite's own checkpoints, is found by checksums and made anew.
const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
`;

/** Milliseconds that a call waits while another program, such as `sqlite3` in a transaction, holds the file. */
const WRITER_PATIENCE = 2_000;
const READER_PATIENCE = 100;

/** Opens the file for its only writer. One that is missing, damaged or of another version is begun anew. */
export function openForWriting(directory: string): DatabaseSync {
  try {
    const database = tryOpen(directory);
    if (database !== undefined) return database;
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  return beginAnew(directory);
}

/** Takes the file away and makes an empty one. Whoever has it open goes on with what it held. */
export function beginAnew(directory: string): DatabaseSync {
  for (const end of ['', '-wal', '-shm']) rmSync(join(directory, SNAPSHOTS_FILE + end), { force: true });
  const database = tryOpen(directory);
  if (database === undefined) throw new Error('unreachable: a new file has the version that made it');
  return database;
}

function tryOpen(directory: string): DatabaseSync | undefined {
  const path = join(directory, SNAPSHOTS_FILE);
  makePrivate(path);
  const database = new DatabaseSync(path, { timeout: WRITER_PATIENCE });
  try {
    database.exec(SETTINGS);
    const version = versionOf(database);
    if (version === 0) database.exec(`BEGIN; ${CREATE} COMMIT`);
    if (version === 0 || version === VERSION) return database;
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return undefined;
}

/** Opens the file for reading; undefined while there is none that this version can read. */
export function openForReading(directory: string): DatabaseSync | undefined {
  const path = join(directory, SNAPSHOTS_FILE);
  if (!existsSync(path)) return undefined;
  const database = openReadOnly(path, READER_PATIENCE);
  try {
    if (versionOf(database) === VERSION) return database;
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return undefined;
}

/**
 * How far the log had come when the newest snapshot in the directory was taken; undefined where none says so. It never
 * writes. A log that ends before it has lost its end. A damaged file says nothing: it is begun anew.
 *
 * @throws EventSourcingError `store-unavailable` - the file is there and cannot be read
 */
export function highestSnapshotPosition(directory: string): string | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = openForReading(directory);
    const [position, crc] = (database && rowOf(prepare(database, 'SELECT position, crc FROM reached'))) ?? [];
    return typeof position === 'string' && crc === crc32(position) ? position : undefined;
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw toStoreError(error, SNAPSHOTS_FILE);
  } finally {
    database?.close();
  }
}

function versionOf(database: DatabaseSync): number {
  return count(rowOf(prepare(database, 'PRAGMA user_version'))?.[0]);
}

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventSourcingError } from '@openbank/eventsourcing';
import { checkpoint } from '../sqlite/checkpoint.ts';
import { count, prepare, rowOf } from '../sqlite/columns.ts';
import { makePrivate } from '../sqlite/files.ts';
import { openReadOnly } from '../sqlite/open-read-only.ts';
import { CREATE_LOG, LOG_FILE, LOG_VERSION } from './log-schema.ts';

/**
 * Milliseconds to wait for whoever has locked a file: another program, such as `sqlite3` in a transaction, or a thread that
 * closes it.
 */
export const BUSY_TIMEOUT = 5_000;

// A group of 64 commits fills about eight pages of this size; with 4 KiB its commit took a quarter longer, with 16 KiB
// as long, and a lone commit writes at least one page.
const SETTINGS = `
  PRAGMA page_size = 8192;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 0;
  PRAGMA cache_spill = OFF;
`;

/**
 * Opens the log for its only writer. A write-ahead log that a killed process has left holds what it wrote and perhaps
 * never synced; SQLite would read it as it is. So all of it is synced and moved to the database file before anybody
 * sees any of it.
 *
 * @throws EventSourcingError `store-damaged`, `store-unavailable` - it cannot be opened; or SQLite's error
 */
export function openLogForWriting(directory: string): DatabaseSync {
  const path = join(directory, LOG_FILE);
  makePrivate(path);
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT });
  try {
    database.exec(SETTINGS);
    checkVersion(database);
    settle(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens the log for reading, in any thread. */
export function openLogForReading(directory: string): DatabaseSync {
  return openReadOnly(join(directory, LOG_FILE), BUSY_TIMEOUT);
}

function checkVersion(database: DatabaseSync): void {
  const version = count(rowOf(prepare(database, 'PRAGMA user_version'))?.[0]);
  if (version === 0) database.exec(CREATE_LOG);
  else if (version !== LOG_VERSION) {
    throw new EventSourcingError(
      'store-unavailable',
      `log.db has format ${version}, and this program knows format ${LOG_VERSION}: start the version that wrote it.`,
    );
  }
}

function settle(database: DatabaseSync): void {
  if (checkpoint(database, 'TRUNCATE')) return;
  throw new EventSourcingError(
    'store-unavailable',
    'Another program reads an old state of log.db, so that it cannot be synced: end that program.',
  );
}

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventSourcingError } from '@openbank/eventsourcing';
import { count, prepare, rowOf } from '../../sqlite/columns.ts';
import { makePrivate } from '../../sqlite/files.ts';
import { isDamage } from '../../sqlite/sqlite-error.ts';
import { BUSY_TIMEOUT } from '../log-file.ts';
import type { LogReader } from '../reading/log-reader.ts';
import type { Head } from '../writing/head-file.ts';
import { createIndexReader } from './index-reader.ts';
import { CREATE_INDEX, INDEX_FILE, INDEX_VERSION } from './index-schema.ts';

// Automatic checkpoints swallow errors of their syncs. A batch of young rows goes to a page each, so that small pages write
// less; still smaller ones make the tree deeper.
const SETTINGS = `
  PRAGMA page_size = 2048;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA wal_autocheckpoint = 0;
  PRAGMA cache_size = -64000;
`;

/**
 * Opens the index for its writer. One that is missing, damaged or of another version is begun anew: all of it follows
 * from the log.
 *
 * @throws EventSourcingError `store-damaged` - it remembers more than the log holds, or another log
 */
export function openIndex(directory: string, log: LogReader, head: number): DatabaseSync {
  const database = openOrReplace(directory);
  const reached = createIndexReader(database).reached();
  if (reached !== undefined) {
    try {
      checkAgainstLog(reached, log, head);
    } catch (error) {
      database.close();
      throw error;
    }
  }
  return database;
}

/** Removes the index's files. Whoever has them open goes on with what they hold. */
export function removeIndex(directory: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(join(directory, INDEX_FILE + end), { force: true });
}

/** A damaged index is taken away, so that the next start makes it again; the log may be the damaged one. */
export function explained(error: unknown, directory: string, index: DatabaseSync): unknown {
  if (error instanceof DamagedIndex) {
    // Others may be opening it just now, so it is not taken away: the next start does not know its version.
    index.exec(`PRAGMA user_version = ${SPOILED_VERSION}`);
    return error;
  }
  if (!isDamage(error) || isWhole(index)) return error;
  removeIndex(directory);
  return damagedIndex({ cause: error });
}

const SPOILED_VERSION = -1;

class DamagedIndex extends EventSourcingError {}

export function damagedIndex(options?: ErrorOptions): EventSourcingError {
  return new DamagedIndex(
    'store-damaged',
    'index.db is damaged: start again, and it is made from the log.',
    options,
  );
}

function isWhole(index: DatabaseSync): boolean {
  try {
    return rowOf(prepare(index, 'PRAGMA quick_check(1)'))?.[0] === 'ok';
  } catch {
    return false;
  }
}

function openOrReplace(directory: string): DatabaseSync {
  try {
    const database = tryOpen(directory);
    if (database !== undefined) return database;
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  removeIndex(directory);
  const database = tryOpen(directory);
  if (database === undefined) throw new Error('unreachable: a new index has the version that made it');
  return database;
}

function tryOpen(directory: string): DatabaseSync | undefined {
  const path = join(directory, INDEX_FILE);
  makePrivate(path);
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT });
  try {
    database.exec(SETTINGS);
    const version = versionOf(database);
    if (version === 0) database.exec(CREATE_INDEX);
    if (version === 0 || (version === INDEX_VERSION && isSound(database))) return database;
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return undefined;
}

function versionOf(database: DatabaseSync): number {
  return count(rowOf(prepare(database, 'PRAGMA user_version'))?.[0]);
}

function isSound(database: DatabaseSync): boolean {
  createIndexReader(database).reached();
  return true;
}

function checkAgainstLog(reached: Head, log: LogReader, head: number): void {
  if (reached.position > head) {
    throw new EventSourcingError(
      'store-damaged',
      `log.db ends at position ${head}, but index.db remembers events up to ${reached.position}: the log has lost its end. Restore the whole data directory from one backup.`,
    );
  }
  if (log.row(reached.position).link !== reached.link) {
    throw new EventSourcingError(
      'store-damaged',
      `log.db does not hold at position ${reached.position} what index.db remembers: it is another log, or it was changed. Restore the whole data directory from one backup.`,
    );
  }
}

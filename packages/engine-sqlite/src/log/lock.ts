import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventSourcingError } from '@openbank/eventsourcing';
import { makePrivate } from '../sqlite/files.ts';
import { isBusy, toStoreError } from '../sqlite/sqlite-error.ts';

export interface Lock {
  release(): void;
}

const LOCK_FILE = 'lock.db';
/** Who holds the lock. A file of its own, since nobody else can look into `lock.db` while it is held. */
const HOLDER_FILE = 'lock.pid';

/**
 * Makes this process the only one that writes to the directory. The lock is a transaction that stays open: it ends
 * with the process, however that ends.
 *
 * @throws EventSourcingError `store-locked` - another one has it; the message names it
 */
export function takeLock(directory: string): Lock {
  const path = join(directory, LOCK_FILE);
  const holder = join(directory, HOLDER_FILE);
  const database = beginExclusive(path, () => locked(directory, holder));
  writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 });
  return {
    release() {
      rmSync(holder, { force: true });
      database.close();
    },
  };
}

function beginExclusive(path: string, refusal: () => Error): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    makePrivate(path);
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    throw isBusy(error) ? refusal() : toStoreError(error, path);
  }
}

function locked(directory: string, holder: string): EventSourcingError {
  return new EventSourcingError(
    'store-locked',
    `${directory} is in use by process ${readHolder(holder)}: stop that process, or use another directory.`,
  );
}

function readHolder(holder: string): string {
  try {
    return readFileSync(holder, 'utf8').trim();
  } catch {
    return '(unknown)';
  }
}

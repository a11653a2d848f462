import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { EventSourcingError, isToBeKept, type KeyStore } from '@openbank/eventsourcing';
import { checkpoint } from '../sqlite/checkpoint.ts';
import { prepare, rowOf } from '../sqlite/columns.ts';
import { prepareDirectory } from '../sqlite/directory.ts';
import { makePrivate } from '../sqlite/files.ts';
import { isBusy, isRefusedWrite, toStoreError } from '../sqlite/sqlite-error.ts';
import { entriesOf } from './key-entries.ts';
import { toKey } from './to-key.ts';

export interface SqliteKeyStoreOptions {
  /** Made where it is missing. The keys are in `keys.db` in it, which only its owner can read. */
  readonly directory: string;
}

export const KEYS_FILE = 'keys.db';

// A destroyed key leaves no bytes behind: freed pages are overwritten, and the write-ahead log is emptied. As in the
// log, SQLite's automatic checkpoints are off, since they swallow errors of their syncs.
const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 0;
  PRAGMA secure_delete = ON;
  CREATE TABLE IF NOT EXISTS keys (
    kind TEXT NOT NULL CHECK (kind IN ('key', 'secret')),
    name TEXT NOT NULL,
    wrapped BLOB,
    PRIMARY KEY (kind, name)
  ) STRICT, WITHOUT ROWID;
`;

/** Writes between two checkpoints. */
const CHECKPOINT_EVERY = 500;

type Kind = 'key' | 'secret';

/**
 * Opens the keys of a directory. Writes are rare and block the thread for their sync.
 *
 * @throws EventSourcingError `store-unavailable`, `store-damaged` - the file cannot be used
 */
export function openSqliteKeyStore({ directory }: SqliteKeyStoreOptions): KeyStore {
  prepareDirectory(directory);
  const database = openKeys(join(directory, KEYS_FILE));
  const find = prepare(database, 'SELECT wrapped FROM keys WHERE kind = ? AND name = ?');
  const add = database.prepare('INSERT INTO keys VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const destroy = database.prepare(
    "INSERT INTO keys VALUES ('key', ?, NULL) ON CONFLICT DO UPDATE SET wrapped = NULL",
  );
  const any = prepare(database, 'SELECT 1 FROM keys LIMIT 1');
  const writes = createWrites(database);

  const kept = (kind: Kind, name: string) => toKey(rowOf(find, kind, name));
  const keep = (kind: Kind, name: string, wrapped: Uint8Array) => {
    const first = kept(kind, name);
    if (first !== undefined) return first;
    writes.run(add, kind, name, wrapped);
    return kept(kind, name) ?? lost(name);
  };

  return {
    key: async (subject) => told(() => kept('key', subject)),
    addKey: async (subject, wrapped) => told(() => keep('key', subject, wrapped)),
    async addSecret(name, wrapped) {
      const secret = told(() => keep('secret', name, wrapped));
      return secret === 'destroyed' ? lost(name) : secret;
    },
    destroyKey: async (subject) =>
      told(() => {
        writes.run(destroy, subject);
        writes.empty();
      }),
    async *entries() {
      const pages = told(() => entriesOf(database));
      for (let page = told(() => pages.next()); page.done !== true; page = told(() => pages.next())) {
        yield page.value;
      }
    },
    addEntries: async (entries) =>
      told(() => {
        const added = entries.filter((entry) => isToBeKept(entry, kept(entry.kind, entry.name)));
        writes.together(() => {
          for (const { kind, name, wrapped } of added) {
            if (wrapped === 'destroyed') destroy.run(name);
            else add.run(kind, name, wrapped);
          }
        });
        if (added.some(({ wrapped }) => wrapped === 'destroyed')) writes.empty();
      }),
    isEmpty: async () => told(() => rowOf(any) === undefined),
    close: async () => told(() => writes.close()),
  };
}

function openKeys(path: string): DatabaseSync {
  return told(() => {
    makePrivate(path);
    const database = new DatabaseSync(path, { timeout: 5_000 });
    database.exec(SETTINGS);
    // What a killed process had written and not synced must not be taken for durable.
    checkpoint(database, 'TRUNCATE');
    return database;
  });
}

interface Writes {
  run(statement: StatementSync, ...parameters: (string | Uint8Array)[]): void;
  /** Writes that are durable together. */
  together(work: () => void): void;
  /** Moves everything out of the write-ahead log. */
  empty(): void;
  close(): void;
}

/** After a failed sync nobody knows what is on the disk, and the next sync would not say: nothing more is written. */
function createWrites(database: DatabaseSync): Writes {
  let failed: unknown;
  let count = 0;
  const guarded = (work: () => void) => {
    if (failed !== undefined) throw stopped(failed);
    try {
      work();
    } catch (error) {
      // Another program's lock has kept it from being written at all.
      if (!isRefusedWrite(error) && !isBusy(error)) failed = error;
      throw error;
    }
  };
  return {
    run: (statement, ...parameters) =>
      guarded(() => {
        statement.run(...parameters);
        if (++count % CHECKPOINT_EVERY === 0) checkpoint(database, 'PASSIVE');
      }),
    together: (work) =>
      guarded(() => {
        database.exec('BEGIN IMMEDIATE');
        try {
          work();
          database.exec('COMMIT');
        } finally {
          if (database.isTransaction) database.exec('ROLLBACK');
        }
        checkpoint(database, 'PASSIVE');
      }),
    empty: () => guarded(() => void checkpoint(database, 'TRUNCATE')),
    close() {
      if (database.isOpen) database.close();
    },
  };
}

function lost(name: string): never {
  throw new EventSourcingError('store-damaged', `keys.db has lost ${name}: restore it from a backup.`);
}

function stopped(cause: unknown): EventSourcingError {
  return new EventSourcingError(
    'store-unavailable',
    'A write to keys.db has failed, and nobody knows what of it is on the disk: look at the disk and start again.',
    { cause },
  );
}

function told<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error, KEYS_FILE);
  }
}

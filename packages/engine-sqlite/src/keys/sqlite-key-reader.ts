import { join } from 'node:path';
import { EventSourcingError, type KeyStore } from '@openbank/eventsourcing';
import { prepare, rowOf } from '../sqlite/columns.ts';
import { openReadOnly } from '../sqlite/open-read-only.ts';
import { toStoreError } from '../sqlite/sqlite-error.ts';
import { entriesOf } from './key-entries.ts';
import { KEYS_FILE, type SqliteKeyStoreOptions } from './sqlite-key-store.ts';
import { toKey } from './to-key.ts';

/**
 * The keys of a directory for somebody who only reads, beside the process that writes them. What would make or destroy a
 * key is refused.
 *
 * @throws EventSourcingError `store-unavailable`, `store-damaged` - the file is not there or cannot be used
 */
export function openSqliteKeyReader({ directory }: SqliteKeyStoreOptions): KeyStore {
  return told(() => {
    const database = openReadOnly(join(directory, KEYS_FILE), 5_000);
    const find = prepare(database, 'SELECT wrapped FROM keys WHERE kind = ? AND name = ?');
    const any = prepare(database, 'SELECT 1 FROM keys LIMIT 1');
    const kept = (kind: 'key' | 'secret', name: string) => told(() => toKey(rowOf(find, kind, name)));
    return {
      key: async (subject) => kept('key', subject),
      addKey: async (subject) => kept('key', subject) ?? refuse(`a key of ${subject}`),
      destroyKey: async (subject) => refuse(`the key of ${subject}`),
      async addSecret(name) {
        const secret = kept('secret', name);
        return secret instanceof Uint8Array ? secret : refuse(`the secret ${name}`);
      },
      async *entries() {
        const pages = told(() => entriesOf(database));
        for (let page = told(() => pages.next()); page.done !== true; page = told(() => pages.next())) {
          yield page.value;
        }
      },
      addEntries: async () => refuse('these keys'),
      isEmpty: async () => told(() => rowOf(any) === undefined),
      close: async () => database.close(),
    };
  });
}

function refuse(what: string): never {
  throw new EventSourcingError(
    'key-missing',
    `keys.db does not hold ${what}, and is open for reading only: restore it from a backup.`,
  );
}

function told<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error, KEYS_FILE);
  }
}

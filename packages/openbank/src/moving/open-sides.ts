import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KurrentEventStore } from '@openbank/engine-kurrentdb';
import {
  openSqliteEventStore,
  openSqliteKeyReader,
  openSqliteKeyStore,
  openSqliteVerifiableLog,
  type SqliteVerifiableLog,
} from '@openbank/engine-sqlite';
import {
  EventSourcingError,
  type EventStore,
  type ExportSource,
  type GroupAppend,
  type ImportTarget,
  type KeyStore,
  type VerifiableLog,
} from '@openbank/eventsourcing';
import { prepareDataDirectory } from '../data-directory.ts';
import { usesFiles } from '../store-address.ts';
import { close, type Opened } from '../stores/stores.ts';
import type { BankAddress } from './bank-address.ts';

/**
 * A bank to be moved from; it may be running, and nothing of it is changed.
 *
 * @throws EventSourcingError - it is not there, or cannot be read; the message says what to do
 */
export async function openSource(address: BankAddress, opened: Opened): Promise<ExportSource> {
  const { data, eventStore, readStore } = address;
  const log =
    eventStore.engine === 'sqlite'
      ? openFileLog(data, opened)
      : await openKurrentLog(eventStore.text, opened);
  const keys =
    readStore.engine === 'sqlite'
      ? opened.adopt(openSqliteKeyReader({ directory: data }), close)
      : await openServerKeys(readStore.text, opened);
  return { log, keys };
}

/**
 * A bank to be moved to, made where there is none. In files it is this process's alone.
 *
 * @throws EventSourcingError - it cannot be written; the message says what to do
 * @throws DataDirectoryError - the directory holds something else
 */
export async function openTarget(address: BankAddress, opened: Opened): Promise<ImportTarget> {
  const { data: directory, eventStore, readStore } = address;
  if (usesFiles(address)) prepareDataDirectory(directory);
  const events =
    eventStore.engine === 'sqlite'
      ? await openFiles(directory, opened)
      : await openKurrent(eventStore.text, opened);
  const keys =
    readStore.engine === 'sqlite'
      ? opened.adopt(openSqliteKeyStore({ directory }), close)
      : await openServerKeys(readStore.text, opened);
  return { ...events, keys };
}

async function openFiles(directory: string, opened: Opened): Promise<Omit<ImportTarget, 'keys'>> {
  // What waits for the index is bounded by the group: a commit that was refused would come after later ones.
  const options = { directory, imports: true, maxTailEvents: Number.MAX_SAFE_INTEGER };
  const store = opened.adopt(await openSqliteEventStore(options), close);
  const log = opened.adopt(openSqliteVerifiableLog(directory), async (each) => each.close());
  return { store, log, together: oneGroupOf(store) };
}

/** Less than a group commit takes: what is handed over at once is one transaction, in its order. */
function oneGroupOf(store: EventStore): GroupAppend {
  return {
    bounds: { commits: 1_000, events: 3_000, characters: 2_000_000, streamsOnce: false },
    async append(commits) {
      const outcomes = await Promise.allSettled(commits.map((commit) => store.append(commit)));
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}

async function openKurrent(text: string, opened: Opened): Promise<Omit<ImportTarget, 'keys'>> {
  const { connect, createKurrentEventStore, createKurrentVerifiableLog } = await import(
    '@openbank/engine-kurrentdb'
  );
  const connection = opened.adopt(await connect(text), close);
  const store = opened.adopt(createKurrentEventStore(connection), close);
  return { store, log: createKurrentVerifiableLog(connection), together: oneCallOf(store) };
}

/** Appends that are under way together keep no order there. One call that appends to many streams does. */
function oneCallOf(store: KurrentEventStore): GroupAppend {
  const bounds = { commits: 100, events: 1_000, characters: 1_000_000, streamsOnce: true };
  return { bounds, append: store.appendTogether };
}

/** @throws EventSourcingError - there is none, or it cannot be read at all */
export function openFileLog(data: string, opened: Opened): SqliteVerifiableLog {
  if (existsSync(join(data, 'log.db'))) {
    return opened.adopt(openSqliteVerifiableLog(data), async (each) => each.close());
  }
  throw new EventSourcingError(
    'store-unavailable',
    `There is no log.db in ${data}: name a bank's directory by --data, or start the bank once.`,
  );
}

/** @throws EventSourcingError - the server cannot be reached */
export async function openKurrentLog(text: string, opened: Opened): Promise<VerifiableLog> {
  const { connect, createKurrentVerifiableLog } = await import('@openbank/engine-kurrentdb');
  return createKurrentVerifiableLog(opened.adopt(await connect(text), close));
}

/** Clients of servers are loaded only where they are needed, as here: that takes a while. */
async function openServerKeys(text: string, opened: Opened): Promise<KeyStore> {
  const { connectMongo, openMongoKeyStore } = await import('@openbank/engine-mongodb');
  return openMongoKeyStore(opened.adopt(await connectMongo({ connectionString: text }), close));
}

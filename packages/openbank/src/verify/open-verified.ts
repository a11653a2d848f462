import {
  openSqliteKeyReader,
  openSqliteReadModelSource,
  openSqliteSnapshotSource,
  type VerifiedIndex,
} from '@openbank/engine-sqlite';
import {
  EventSourcingError,
  type Findings,
  type KeyStore,
  type ReadModelReader,
  type SnapshotSource,
  type VerifiableLog,
} from '@openbank/eventsourcing';
import type { BankAddress } from '../moving/bank-address.ts';
import { openFileLog, openKurrentLog } from '../moving/open-sides.ts';
import { close, KEYS_AT, type Opened } from '../stores/stores.ts';

/** The events of a bank, to be verified. */
export interface VerifiedEvents {
  readonly log: VerifiableLog;
  /** What the log keeps beside itself and can make anew; after all of it has been read. Undefined where it has nothing. */
  readonly checkDerived: ((findings: Findings) => Promise<VerifiedIndex>) | undefined;
  /** Undefined where there are none, or where they are a cache that mends itself. */
  readonly snapshots: SnapshotSource | undefined;
}

/** Read models and keys. */
export interface VerifiedReads {
  readonly models: ReadModelReader;
  /** See `VerifyOptions`. */
  readonly atomicBatches: boolean;
  /** @throws EventSourcingError - they cannot be read */
  openKeys(): KeyStore;
  readonly keysAt: string;
}

/** @throws EventSourcingError - there is no log, or it cannot be read at all */
export async function openVerifiedEvents(
  { data, eventStore }: BankAddress,
  findings: Findings,
  opened: Opened,
): Promise<VerifiedEvents> {
  if (eventStore.engine !== 'sqlite') {
    return {
      log: await openKurrentLog(eventStore.text, opened),
      checkDerived: undefined,
      snapshots: undefined,
    };
  }
  const log = openFileLog(data, opened);
  return { log, checkDerived: log.checkDerived, snapshots: openSnapshots(data, findings, opened) };
}

/** Milliseconds: MongoDB counts documents one by one, and again along each index. */
const COUNTING = 600_000;

/** @throws EventSourcingError - the server cannot be reached */
export async function openVerifiedReads(
  { data: directory, readStore }: BankAddress,
  opened: Opened,
): Promise<VerifiedReads> {
  if (readStore.engine === 'sqlite') {
    return {
      models: opened.adopt(openSqliteReadModelSource({ directory }), close),
      atomicBatches: true,
      openKeys: () => opened.adopt(openSqliteKeyReader({ directory }), close),
      keysAt: KEYS_AT.sqlite,
    };
  }
  const { connectMongo, openMongoKeyStore, openMongoReadModelReader } = await import(
    '@openbank/engine-mongodb'
  );
  const connecting = connectMongo({ connectionString: readStore.text, patience: COUNTING });
  const connection = opened.adopt(await connecting, close);
  return {
    models: openMongoReadModelReader(connection),
    atomicBatches: false,
    openKeys: () => openMongoKeyStore(connection),
    keysAt: KEYS_AT.mongodb,
  };
}

function openSnapshots(data: string, findings: Findings, opened: Opened): SnapshotSource | undefined {
  try {
    const source = openSqliteSnapshotSource(data);
    return source && opened.adopt(source, async (each) => each.close());
  } catch (error) {
    if (!(error instanceof EventSourcingError)) throw error;
    findings.add('snapshots-damaged', 'snapshots.db', error.message);
    return undefined;
  }
}

import {
  connectMongo,
  openMongoKeyStore,
  openMongoLeaseStore,
  openMongoReadModelReader,
  openMongoReadModelStore,
} from '@openbank/engine-mongodb';
import type { LeaseStore, ReadModelStore } from '@openbank/eventsourcing';
import { close, KEYS_AT, type Opened, type ReadSide } from './stores.ts';

/** Milliseconds of a call that somebody waits for: see KurrentDB's. The driver makes it twice where there was no answer. */
const PATIENCE = 2_000;

export async function openMongo(connectionString: string, opened: Opened): Promise<ReadSide> {
  const connection = opened.adopt(await connectMongo({ connectionString, patience: PATIENCE }), close);
  return {
    models: openMongoReadModelReader(connection),
    keys: openMongoKeyStore(connection),
    keysAt: KEYS_AT.mongodb,
  };
}

/** What projections write, and the leases by which processes share that work. */
export async function openMongoReadModels(
  connectionString: string,
  opened: Opened,
): Promise<{ readonly store: ReadModelStore; readonly leases: LeaseStore }> {
  const connection = opened.adopt(await connectMongo({ connectionString }), close);
  return {
    store: await openMongoReadModelStore(connection),
    leases: openMongoLeaseStore(connection),
  };
}

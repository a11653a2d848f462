import {
  connectMongo,
  openMongoKeyStore,
  openMongoReadModelReader,
  openMongoReadModelStore,
} from '@openbank/engine-mongodb';
import type { ReadModelStore } from '@openbank/eventsourcing';
import { close, type Opened, type ReadSide } from './stores.ts';

export async function openMongo(connectionString: string, opened: Opened): Promise<ReadSide> {
  const connection = opened.adopt(await connectMongo({ connectionString }), close);
  return {
    models: openMongoReadModelReader(connection),
    keys: openMongoKeyStore(connection),
    keysAt: "MongoDB's collections keys and secrets",
  };
}

export async function openMongoReadModels(connectionString: string, opened: Opened): Promise<ReadModelStore> {
  const connection = opened.adopt(await connectMongo({ connectionString }), close);
  return openMongoReadModelStore(connection);
}

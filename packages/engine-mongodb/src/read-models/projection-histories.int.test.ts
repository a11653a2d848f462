import type { ReadModelStore } from '@openbank/eventsourcing';
import { projectionHistories } from '@openbank/eventsourcing/testing';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoReadModelStore } from './mongo-read-model-store.ts';

let database: TestDatabase;

async function open(partitions: number): Promise<ReadModelStore> {
  database = await startTestDatabase();
  return openMongoReadModelStore(database.connection, { partitions });
}

projectionHistories(
  'on MongoDB',
  {
    open: () => open(1),
    openDivided: open,
    cleanUp: () => database.stop(),
  },
  20,
);

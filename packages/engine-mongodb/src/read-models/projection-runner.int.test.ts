import type { ReadModelStore } from '@openbank/eventsourcing';
import { projectionRunnerSuite } from '@openbank/eventsourcing/testing';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoReadModelStore } from './mongo-read-model-store.ts';

let database: TestDatabase;

async function open(partitions: number): Promise<ReadModelStore> {
  database = await startTestDatabase();
  return openMongoReadModelStore(database.connection, { partitions });
}

projectionRunnerSuite('on MongoDB', {
  open: () => open(1),
  openDivided: open,
  reopen: async () => openMongoReadModelStore(await database.connect()),
  cleanUp: () => database.stop(),
});

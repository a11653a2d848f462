import { projectionRunnerSuite } from '@openbank/eventsourcing/testing';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoReadModelStore } from './mongo-read-model-store.ts';

let database: TestDatabase;

projectionRunnerSuite('on MongoDB', {
  async open() {
    database = await startTestDatabase();
    return openMongoReadModelStore(database.connection);
  },
  reopen: async () => openMongoReadModelStore(await database.connect()),
  cleanUp: () => database.stop(),
});

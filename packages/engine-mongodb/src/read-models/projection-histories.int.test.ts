import { projectionHistories } from '@openbank/eventsourcing/testing';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoReadModelStore } from './mongo-read-model-store.ts';

let database: TestDatabase;

projectionHistories(
  'on MongoDB',
  {
    async open() {
      database = await startTestDatabase();
      return openMongoReadModelStore(database.connection);
    },
    cleanUp: () => database.stop(),
  },
  20,
);

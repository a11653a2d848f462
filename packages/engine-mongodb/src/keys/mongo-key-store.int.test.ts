import { keyStoreContract } from '@openbank/eventsourcing/testing';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoKeyStore } from './mongo-key-store.ts';

let database: TestDatabase;

keyStoreContract('in MongoDB', {
  async open() {
    database = await startTestDatabase();
    return openMongoKeyStore(database.connection);
  },
  reopen: async () => openMongoKeyStore(await database.connect()),
  cleanUp: () => database.stop(),
});

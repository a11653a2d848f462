import { readModelStoreContract } from '@openbank/eventsourcing/testing';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoReadModelStore } from './mongo-read-model-store.ts';

let database: TestDatabase;
const adapt = (store: any): any => ({
  ...store,
  takeOver: (m: any, p = 0) => store.takeOver(m, p),
  apply: (m: any, b: any) => store.apply(m, { partition: 0, ...b }),
  checkpoint: async (m: any) => (await store.checkpoints(m))[0],
});

readModelStoreContract('in MongoDB', {
  async open() {
    database = await startTestDatabase();
    return adapt(await openMongoReadModelStore(database.connection, { partitions: 1 }));
  },
  reopen: async () => adapt(await openMongoReadModelStore(await database.connect())),
  cleanUp: () => database.stop(),
});

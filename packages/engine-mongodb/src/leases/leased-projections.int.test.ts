import { leasedProjectionsSuite } from '@openbank/eventsourcing/testing';
import { openMongoReadModelStore } from '../read-models/mongo-read-model-store.ts';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoLeaseStore } from './mongo-lease-store.ts';

let database: TestDatabase;

leasedProjectionsSuite('on MongoDB', {
  async open(partitions) {
    database = await startTestDatabase();
    const { connection } = database;
    return {
      store: await openMongoReadModelStore(connection, { partitions }),
      leases: openMongoLeaseStore(connection),
    };
  },
  cleanUp: () => database.stop(),
  leaseTime: 1_000,
  histories: 2,
});

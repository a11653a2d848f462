import { leasedProjectionsSuite } from '@openbank/eventsourcing/testing';
import { openMongoLeaseStore } from '../leases/mongo-lease-store.ts';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoReadModelStore } from './mongo-read-model-store.ts';

let database: TestDatabase;

leasedProjectionsSuite('on MongoDB', {
  async open(partitions) {
    database = await startTestDatabase();
    return {
      store: await openMongoReadModelStore(database.connection, { partitions }),
      leases: openMongoLeaseStore(database.connection),
    };
  },
  cleanUp: () => database.stop(),
  // Calls take longer here than in memory.
  leaseTime: 600,
  histories: 3,
});

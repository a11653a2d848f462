import { setTimeout as sleep } from 'node:timers/promises';
import { leaseStoreContract } from '@openbank/eventsourcing/testing';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoLeaseStore } from './mongo-lease-store.ts';

let database: TestDatabase;
let passed: number;

leaseStoreContract('in MongoDB', {
  async open() {
    passed = 0;
    database = await startTestDatabase();
    return openMongoLeaseStore(database.connection);
  },
  async passTime(milliseconds) {
    passed += milliseconds;
    if (database.mongo.double === undefined) await sleep(milliseconds);
    else database.mongo.double.setClockOffset(passed);
  },
  cleanUp: () => database.stop(),
});

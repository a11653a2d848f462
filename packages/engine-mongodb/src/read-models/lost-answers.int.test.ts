import type { ReadModelStore } from '@openbank/eventsourcing';
import { projectionHistories } from '@openbank/eventsourcing/testing';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoReadModelStore } from './mongo-read-model-store.ts';

const WRITES = ['insert', 'update', 'findAndModify', 'commitTransaction', 'drop'];

let database: TestDatabase;

async function open(partitions: number): Promise<ReadModelStore> {
  database = await startTestDatabase();
  const store = await openMongoReadModelStore(database.connection, { partitions });
  // Twice each: the driver's own second try fails as well.
  for (const [kind, after] of [
    ['cut-after', 14],
    ['cut-before', 24],
    ['not-primary', 40],
  ] as const) {
    database.mongo.double?.inject({ fault: { kind }, commands: WRITES, after, times: 2 });
  }
  return store;
}

// A real server cannot be told to fail at a chosen moment: there, this repeats the histories without faults.
projectionHistories(
  'on MongoDB, which loses calls and answers',
  { open: () => open(1), openDivided: open, cleanUp: () => database.stop() },
  6,
);

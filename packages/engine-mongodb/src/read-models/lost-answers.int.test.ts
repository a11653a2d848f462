import type { ReadModelStore } from '@openbank/eventsourcing';
import { projectionHistories } from '@openbank/eventsourcing/testing';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoReadModelStore } from './mongo-read-model-store.ts';

const WRITES = ['insert', 'update', 'findAndModify', 'commitTransaction', 'drop'];

const KINDS = [
  ...(['cut-after', 'cut-before', 'cut-before', 'not-primary', 'cut-before'] as const),
  ...(['cut-after', 'cut-before', 'cut-after', 'not-primary', 'cut-before'] as const),
];

let database: TestDatabase;

async function open(partitions: number): Promise<ReadModelStore> {
  database = await startTestDatabase();
  const store = await openMongoReadModelStore(database.connection, { partitions });
  for (const [index, kind] of KINDS.entries()) {
    // Twice each: the driver's own second try fails as well.
    database.mongo.double?.inject({ fault: { kind }, commands: WRITES, after: 6 + 9 * index, times: 2 });
  }
  return store;
}

// A real server cannot be told to fail at a chosen moment: there, this repeats the histories without faults.
projectionHistories(
  'on MongoDB, which loses calls and answers',
  { open: () => open(1), openDivided: open, cleanUp: () => database.stop() },
  5,
);

export { appendTo, claimOn, commitOf, newEvent, newEvents, withClaims } from './event-factory.ts';
export { eventStoreContract } from './event-store-contract.ts';
export type { EventStoreHarness, EventStoreSubject } from './event-store-harness.ts';
export { type AppendFault, type FaultyEventStore, withFaults } from './faulty-event-store.ts';
export { type KeyStoreSource, keyStoreContract } from './key-store-contract.ts';
export { projectionHistories } from './projection-histories.ts';
export { projectionRunnerSuite } from './projection-runner-suite.ts';
export { type ReadModelStoreSource, readModelStoreContract } from './read-model-store-contract.ts';
export { type SnapshotStoreSource, snapshotOf, snapshotStoreContract } from './snapshot-store-contract.ts';

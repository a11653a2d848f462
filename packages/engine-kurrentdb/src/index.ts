export { type ConnectOptions, connect, type KurrentConnection } from './connection/connect.ts';
export { createKurrentEventStore, type KurrentEventStoreOptions } from './log/kurrent-event-store.ts';
export type { Timeouts } from './log/source.ts';
export {
  createKurrentSnapshotStore,
  type KurrentSnapshotStoreOptions,
} from './snapshots/kurrent-snapshot-store.ts';

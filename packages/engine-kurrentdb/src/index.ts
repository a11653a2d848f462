export { type ConnectOptions, connect, type KurrentConnection } from './connection/connect.ts';
export { redacted } from './connection/connection-string.ts';
export {
  createKurrentEventStore,
  type KurrentEventStore,
  type KurrentEventStoreOptions,
} from './log/kurrent-event-store.ts';
export type { Timeouts } from './log/source.ts';
export type { ConsumeOptions, Delivery, Handler, Verdict } from './persistent-subscriptions/delivery.ts';
export type { ParkedEvent } from './persistent-subscriptions/parked.ts';
export {
  openPersistentSubscription,
  type PersistentSubscription,
  type PersistentSubscriptionOptions,
} from './persistent-subscriptions/persistent-subscription.ts';
export {
  createKurrentSnapshotStore,
  type KurrentSnapshotStoreOptions,
} from './snapshots/kurrent-snapshot-store.ts';
export { createKurrentVerifiableLog } from './verification/kurrent-verifiable-log.ts';

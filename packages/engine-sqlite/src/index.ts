export { openSqliteKeyReader } from './keys/sqlite-key-reader.ts';
export { openSqliteKeyStore, type SqliteKeyStoreOptions } from './keys/sqlite-key-store.ts';
export type { DerivedPosition, IndexProgress } from './log/messages.ts';
export {
  openSqliteEventReader,
  type SqliteEventReader,
  type SqliteEventReaderOptions,
} from './log/reading/sqlite-event-reader.ts';
export {
  openSqliteEventStore,
  type SqliteEventStore,
  type SqliteEventStoreOptions,
  type SqliteEventStoreState,
} from './log/sqlite-event-store.ts';
export { withDirectoryLocked } from './log/with-directory-locked.ts';
export { highestReadModelCheckpoint } from './read-models/database.ts';
export {
  openSqliteReadModelReader,
  type SqliteReadModelReader,
} from './read-models/sqlite-read-model-reader.ts';
export {
  openSqliteReadModelStore,
  type SqliteReadModelOptions,
} from './read-models/sqlite-read-model-store.ts';
export { highestSnapshotPosition } from './snapshots/snapshots-file.ts';
export {
  openSqliteSnapshotStore,
  type SqliteSnapshotStoreOptions,
} from './snapshots/sqlite-snapshot-store.ts';
export { openSqliteReadModelSource } from './verification/read-models-source.ts';
export { openSqliteSnapshotSource, type SqliteSnapshotSource } from './verification/snapshot-source.ts';
export {
  openSqliteVerifiableLog,
  type SqliteVerifiableLog,
  type VerifiedIndex,
} from './verification/sqlite-verifiable-log.ts';

export { openSqliteKeyStore, type SqliteKeyStoreOptions } from './keys/sqlite-key-store.ts';
export type { DerivedPosition } from './log/messages.ts';
export {
  openSqliteEventReader,
  type SqliteEventReader,
  type SqliteEventReaderOptions,
} from './log/sqlite-event-reader.ts';
export {
  type IndexProgress,
  openSqliteEventStore,
  type SqliteEventStore,
  type SqliteEventStoreOptions,
  type SqliteEventStoreState,
} from './log/sqlite-event-store.ts';

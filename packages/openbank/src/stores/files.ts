import {
  type DerivedPosition,
  highestReadModelCheckpoint,
  highestSnapshotPosition,
  type IndexProgress,
  openSqliteEventStore,
  openSqliteKeyStore,
  openSqliteReadModelReader,
  openSqliteSnapshotStore,
} from '@openbank/engine-sqlite';
import { close, type EventSide, KEYS_AT, type Opened, type ReadSide } from './stores.ts';

export interface FileOptions {
  readonly directory: string;
  /** Snapshots of each stream. */
  readonly snapshotKeep: number;
  /** The directory is this process's alone. */
  onLocked(): void;
  /** It will be others' in a moment. */
  onUnlocking(): void;
  onIndexProgress(progress: IndexProgress): void;
}

/** Events in files: the lock of the directory comes with them. */
export async function openEventFiles(options: FileOptions, opened: Opened): Promise<EventSide> {
  const { directory, snapshotKeep: keep, onLocked, onUnlocking, onIndexProgress: onProgress } = options;
  const derived = derivedPositions(directory);
  const events = opened.adopt(
    await openSqliteEventStore({ directory, derivedPositions: derived, onLocked, onProgress }),
    close,
  );
  opened.defer(async () => onUnlocking());
  return {
    events,
    snapshots: opened.adopt(openSqliteSnapshotStore({ directory, keep }), close),
    isWritable: () => events.state.kind === 'running',
    patience: 5_000,
    sharedHead: events.sharedHead,
  };
}

export function openReadFiles(directory: string, opened: Opened): ReadSide {
  return {
    models: opened.adopt(openSqliteReadModelReader({ directory }), close),
    keys: opened.adopt(openSqliteKeyStore({ directory }), close),
    keysAt: KEYS_AT.sqlite,
  };
}

/** How far what is derived remembers the log: one that ends before has lost its end. */
function derivedPositions(directory: string): readonly DerivedPosition[] {
  const remembered = [
    { name: 'read-models.db', position: highestReadModelCheckpoint(directory) },
    { name: 'snapshots.db', position: highestSnapshotPosition(directory) },
  ];
  return remembered.flatMap(({ name, position }) => (position === undefined ? [] : [{ name, position }]));
}

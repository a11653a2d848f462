import { connect, createKurrentEventStore, createKurrentSnapshotStore } from '@openbank/engine-kurrentdb';
import type { EventReader } from '@openbank/eventsourcing';
import { close, type EventSide, type Opened } from './stores.ts';

/** @param snapshotKeep - snapshots of each stream */
export async function openKurrent(
  connectionString: string,
  snapshotKeep: number,
  opened: Opened,
): Promise<EventSide> {
  const connection = opened.adopt(await connect(connectionString), close);
  return {
    events: opened.adopt(createKurrentEventStore(connection), close),
    snapshots: opened.adopt(createKurrentSnapshotStore(connection, { keep: snapshotKeep }), close),
    isWritable: () => true,
    sharedHead: undefined,
  };
}

export async function openKurrentReader(connectionString: string, opened: Opened): Promise<EventReader> {
  const connection = opened.adopt(await connect(connectionString), close);
  return opened.adopt(createKurrentEventStore(connection), close);
}

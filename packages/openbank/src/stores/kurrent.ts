import { connect, createKurrentEventStore, createKurrentSnapshotStore } from '@openbank/engine-kurrentdb';
import type { EventReader } from '@openbank/eventsourcing';
import { close, type EventSide, type Opened } from './stores.ts';

/**
 * A server that is away or slow is said so within seconds: whoever asks has his own time-outs. What a commit became that
 * was not answered in time is found out by repeating it.
 */
const PATIENCE = { append: 2_000, read: 2_000, command: 3_000 };

/** @param snapshotKeep - snapshots of each stream */
export async function openKurrent(
  connectionString: string,
  snapshotKeep: number,
  opened: Opened,
): Promise<EventSide> {
  const connection = opened.adopt(await connect(connectionString), close);
  const { command: patience, ...timeouts } = PATIENCE;
  return {
    events: opened.adopt(createKurrentEventStore(connection, { timeouts }), close),
    snapshots: opened.adopt(createKurrentSnapshotStore(connection, { keep: snapshotKeep }), close),
    isWritable: () => true,
    patience,
    sharedHead: undefined,
  };
}

export async function openKurrentReader(connectionString: string, opened: Opened): Promise<EventReader> {
  const connection = opened.adopt(await connect(connectionString), close);
  return opened.adopt(createKurrentEventStore(connection), close);
}

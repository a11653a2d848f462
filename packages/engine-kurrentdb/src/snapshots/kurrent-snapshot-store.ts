import {
  ANY,
  type AppendStreamState,
  ErrorType,
  type EventData,
  STREAM_EXISTS,
} from '@kurrent/kurrentdb-client';
import { SNAPSHOTS_KEPT, type Snapshot, type SnapshotStore } from '@openbank/eventsourcing';
import type { KurrentConnection } from '../connection/connect.ts';
import { isType, toReadError } from '../connection/store-error.ts';
import { within } from '../connection/within.ts';
import { revisionOf } from '../events/stored-event.ts';
import { SNAPSHOT_PREFIX } from '../events/stream-names.ts';
import { lastEvents } from './last-events.ts';
import { createNewest } from './newest.ts';
import { createRoom } from './room.ts';
import { forgottenEvent, keptEvent, toEntry } from './snapshot-event.ts';

export interface KurrentSnapshotStoreOptions {
  /** Snapshots kept of a stream. Default 10. */
  readonly keep?: number;
  /** Milliseconds after which a load is given up, and the whole stream is read instead. Default 1,000. */
  readonly loadTimeout?: number;
  /** Milliseconds after which one counts as not saved. Default 10,000. */
  readonly saveTimeout?: number;
  /** What its streams are called: this, and the name of the stream. It begins with `snapshot-`, the default. */
  readonly prefix?: string;
}

/**
 * Snapshots in streams of their own beside the events, `snapshot-{stream}`, of which the server shows the last few only
 * (`$maxCount`). The connection stays open when the store is closed.
 *
 * @throws RangeError - another prefix: the log would show its streams as somebody else's events
 */
export function createKurrentSnapshotStore(
  { client, closed }: Pick<KurrentConnection, 'client' | 'closed'>,
  options: KurrentSnapshotStoreOptions = {},
): SnapshotStore {
  const {
    keep = SNAPSHOTS_KEPT,
    loadTimeout = 1_000,
    saveTimeout = 10_000,
    prefix = SNAPSHOT_PREFIX,
  } = options;
  if (!prefix.startsWith(SNAPSHOT_PREFIX)) {
    throw new RangeError(`Streams of snapshots begin with ${SNAPSHOT_PREFIX}: change the prefix ${prefix}.`);
  }
  const room = createRoom(IN_FLIGHT);

  /** Nothing depends on how it ends: it is never repeated. */
  async function append(name: string, event: EventData, streamState: AppendStreamState): Promise<void> {
    const { nextExpectedRevision } = await client.appendToStream(name, event, { streamState });
    // Said again now and then, for a process can end before it has said it, and the number can be another one now.
    if (nextExpectedRevision % BigInt(keep) === 0n) await client.setStreamMetadata(name, { maxCount: keep });
  }

  async function appendInTime(stream: string, event: EventData, state: AppendStreamState): Promise<void> {
    const what = `save a snapshot of ${stream}`;
    try {
      await within(append(prefix + stream, event, state), what, { timeout: saveTimeout });
    } catch (error) {
      // There is nothing to be forgotten.
      if (state === STREAM_EXISTS && MISSING.some((type) => isType(error, type))) return;
      throw toReadError(error, what);
    }
  }

  async function newest(stream: string, version: string): Promise<Snapshot | undefined> {
    const deadline = performance.now() + loadTimeout;
    const newest = createNewest(version);
    let from: number | undefined;
    for (let left = keep; left > 0 && from !== -1; ) {
      const events = await lastEvents(
        { client, closed },
        prefix + stream,
        from,
        left,
        deadline - performance.now(),
      );
      for (const event of events) newest.see(toEntry(event));
      const last = events.at(-1);
      if (newest.found() !== undefined || last === undefined) break;
      from = revisionOf(last) - 1;
      left -= events.length;
    }
    return newest.found();
  }

  return {
    async save(snapshot) {
      await room.taking(snapshot.state.length, () => appendInTime(snapshot.stream, keptEvent(snapshot), ANY));
    },
    async load(stream, version) {
      room.assertOpen();
      return await newest(stream, version);
    },
    async forget(snapshot) {
      await room.taking(0, () => appendInTime(snapshot.stream, forgottenEvent(snapshot), STREAM_EXISTS));
    },
    close: () => room.close(),
  };
}

/** Of a stream that was never there, and of one that was deleted. */
const MISSING = [ErrorType.WRONG_EXPECTED_VERSION, ErrorType.STREAM_DELETED];

/** What is under way to the server; characters are those of states. */
const IN_FLIGHT = { snapshots: 1_000, characters: 32_000_000 };

import {
  type CommitLimits,
  createHeadSignal,
  DEFAULT_COMMIT_LIMITS,
  type EventStore,
  follow,
  validateCommit,
} from '@openbank/eventsourcing';
import { prepareDirectory } from '../sqlite/directory.ts';
import { toStoreError } from '../sqlite/sqlite-error.ts';
import { takeLock } from './lock.ts';
import type { DerivedPosition, Failure, IndexProgress } from './messages.ts';
import { toPosition } from './position.ts';
import { logPages } from './reading/log-pages.ts';
import { claimNamed } from './reading/lookup.ts';
import { openReadSide } from './reading/read-side.ts';
import { streamPages } from './reading/stream-pages.ts';
import { createTail, tailCommit } from './reading/tail.ts';
import { createSharedHead } from './shared-head.ts';
import { startThreads } from './start-threads.ts';
import { createGroupCommit } from './writing/group-commit.ts';
import { QUEUE_BOUNDS, type QueueBounds } from './writing/queue-bounds.ts';

export interface SqliteEventStoreOptions {
  /** Made where it is missing. One process at a time works in it. */
  readonly directory: string;
  /**
   * What was made from the log and remembers how far: read models' checkpoints, for example. One that is ahead of the
   * log is evidence that the log has lost its end, and the store does not open.
   */
  readonly derivedPositions?: readonly DerivedPosition[];
  /** Told once the directory is this store's alone, before its files are opened, which can take long. */
  readonly onLocked?: () => void;
  /** Told while the index is made from the log: at the first start after it was lost, and after a kill. */
  readonly onProgress?: (progress: IndexProgress) => void;
  readonly limits?: CommitLimits;
  /**
   * The commits that are appended come from another log, whose booking times rise along each stream only; whoever appends
   * them sees to that. The log is marked, so that it is verified by the same rule.
   */
  readonly imports?: boolean;
  /** What may wait to be written before calls are refused as `overloaded`. */
  readonly queue?: QueueBounds;
  /** Events that may be younger than the index before calls are refused as `overloaded`. Default: 100,000. */
  readonly maxTailEvents?: number;
}

export type SqliteEventStoreState =
  | { readonly kind: 'running' }
  /** Nothing more is written; what was durable can be read. Only a new start leads out of it. */
  | { readonly kind: 'stopped'; readonly reason: string }
  | { readonly kind: 'closed' };

/** The embedded event store: an append-only log in SQLite files, written by one thread, durable at every answer. */
export interface SqliteEventStore extends EventStore {
  readonly state: SqliteEventStoreState;
  /** What `openSqliteEventReader` in another thread follows the log with. */
  readonly sharedHead: SharedArrayBuffer;
}

/** An index that falls behind by more than this has stopped, or the disk has. */
const MAX_TAIL_EVENTS = 100_000;

/**
 * Opens the log of a directory, after looking at its end, and brings its index up to date.
 *
 * @throws EventSourcingError `store-locked` - another process works in the directory; `store-damaged` - the log is not
 *   what was written, or has lost its end; `store-unavailable` - directory or files cannot be used
 */
export async function openSqliteEventStore(options: SqliteEventStoreOptions): Promise<SqliteEventStore> {
  const { directory, limits = DEFAULT_COMMIT_LIMITS, maxTailEvents = MAX_TAIL_EVENTS } = options;
  prepareDirectory(directory);
  const lock = takeLock(directory);
  const shared = createSharedHead();
  const tail = createTail();
  const headSignal = createHeadSignal();
  let state: SqliteEventStoreState = { kind: 'running' };
  // A thread can die as soon as it has been started, before there is anything to stop.
  let failedEarly: Failure | undefined;
  let stop = (failure: Failure) => {
    // What comes after the first is only that the thread has ended.
    failedEarly ??= failure;
  };

  const threads = await Promise.try(() => {
    options.onLocked?.();
    return startThreads({ ...options, shared, died: (failure) => stop(failure) });
  }).catch((error: unknown) => {
    lock.release();
    throw error;
  });
  let lastRecordedAt = threads.lastRecordedAt;
  let durable = shared.durable();
  const source = openReadSide({
    directory,
    tailOf: () => tail,
    isOpen: () => state.kind !== 'closed',
    durable: () => durable,
  });

  const groups = createGroupCommit({
    bounds: options.queue ?? QUEUE_BOUNDS,
    send: threads.writer.send,
    hasRoom(events) {
      if (tail.size() + events > maxTailEvents) tail.evictThrough(shared.indexed());
      return tail.size() + events <= maxTailEvents;
    },
    committed(commit, last) {
      tail.add(tailCommit(commit, last));
      durable = last;
      lastRecordedAt = commit.streams.at(-1)?.events.at(-1)?.recordedAt ?? lastRecordedAt;
    },
    groupCommitted() {
      tail.evictThrough(shared.indexed());
      headSignal.moved(toPosition(durable));
    },
  });
  stop = (failure) => {
    if (state.kind !== 'running') return;
    state = { kind: 'stopped', reason: failure.message };
    groups.stop(failure);
  };
  if (failedEarly !== undefined) stop(failedEarly);
  threads.writer.listen((message) => {
    if (message.kind === 'answers' || message.kind === 'refused') groups.settle(message);
    else if (message.kind === 'unknown' || message.kind === 'failed') stop(message.failure);
  });

  let closing: Promise<void> | undefined;
  const close = async () => {
    if (state.kind === 'running') await groups.drained();
    state = { kind: 'closed' };
    groups.stop({ code: 'store-unavailable', message: 'It is closed: open it again.' });
    headSignal.close();
    try {
      await threads.close();
    } finally {
      source.close();
      lock.release();
    }
  };

  const readAll: EventStore['readAll'] = (read = {}) => logPages(source, read);
  return {
    sharedWriters: false,
    oneClock: source.oneClock,
    limits,
    sharedHead: shared.buffer,
    get state() {
      return state;
    },
    get lastRecordedAt() {
      return lastRecordedAt;
    },
    async append(commit) {
      source.assertOpen();
      validateCommit(commit, limits);
      return await groups.append(commit);
    },
    async claim(name) {
      source.assertOpen();
      return told(() => claimNamed({ ...source, tail }, name));
    },
    readStream: (stream, read = {}) => streamPages(source, stream, read),
    readAll,
    async head() {
      source.assertOpen();
      return durable === 0 ? undefined : toPosition(durable);
    },
    subscribe: (subscription) => follow({ readAll, waitForHead: headSignal.wait }, subscription),
    close: () => (closing ??= close()),
  };
}

function told<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw toStoreError(error, 'log.db');
  }
}

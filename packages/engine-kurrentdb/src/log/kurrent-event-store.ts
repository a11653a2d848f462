import {
  type Appended,
  type Commit,
  type CommitLimits,
  DEFAULT_COMMIT_LIMITS,
  EventSourcingError,
  type EventStore,
  validateCommit,
} from '@openbank/eventsourcing';
import type { KurrentConnection } from '../connection/connect.ts';
import { isHidden } from '../events/stream-names.ts';
import { append } from './append.ts';
import { createClockCheck } from './clock-check.ts';
import { headOf, logPages } from './log-pages.ts';
import { closedError, type Timeouts } from './source.ts';
import { claimNamed } from './stored-facts.ts';
import { streamPages } from './stream-pages.ts';
import { subscription } from './subscription.ts';

export interface KurrentEventStoreOptions {
  /** What one commit may hold: up to 8 MiB. Default: 1 MiB an event, 4 MiB and 1,000 events a commit. */
  readonly limits?: CommitLimits;
  /** Milliseconds after which calls count as lost. Default: appends 5,000, reads 10,000, pages of the log 120,000. */
  readonly timeouts?: Partial<Timeouts>;
  /** Appends that may be under way before further ones are refused as `overloaded`. Default: 2,000. */
  readonly maxAppends?: number;
  /** This machine's clock, milliseconds since 1970. One that differs from the store's by more than a second stops writing. */
  readonly now?: () => number;
}

const TIMEOUTS: Timeouts = { append: 5_000, read: 10_000, scan: 120_000, wait: 30_000 };

const MAX_APPENDS = 2_000;

/** Half of what a record, and a message, may have in KurrentDB: names and metadata come on top. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * The event store on KurrentDB. Any number of processes may append. The connection is its owner's: it is closed after the store.
 *
 * @throws RangeError - the limits are above what KurrentDB takes
 */
export function createKurrentEventStore(
  { client }: Pick<KurrentConnection, 'client'>,
  options: KurrentEventStoreOptions = {},
): EventStore {
  const { limits = DEFAULT_COMMIT_LIMITS, maxAppends = MAX_APPENDS, now = Date.now } = options;
  if (limits.maxEventBytes > MAX_BYTES || limits.maxCommitBytes > MAX_BYTES) {
    throw new RangeError(`KurrentDB takes commits of ${MAX_BYTES} bytes at most: lower the limits.`);
  }
  const closing = new AbortController();
  const closed = new AbortController();
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const source = { client, timeouts, closed: closed.signal, maxCommitEvents: limits.maxCommitEvents };
  const appends = new Set<Promise<unknown>>();

  const clock = createClockCheck(source, now);

  const tracked = async (commit: Commit): Promise<Appended> => {
    if (appends.size >= maxAppends) throw overloaded(maxAppends);
    const sentAt = now();
    const appending = append(source, commit);
    appends.add(appending);
    const appended = await appending.finally(() => appends.delete(appending));
    clock.written(commit, sentAt);
    return appended;
  };

  return {
    sharedWriters: true,
    limits,
    // The log's last event tells the time of one writer only; each stream's own last event binds its next.
    lastRecordedAt: 0,
    async append(commit) {
      closing.signal.throwIfAborted();
      clock.assertRight();
      validateCommit(commit, limits);
      validateNames(commit);
      return await tracked(commit);
    },
    async claim(name) {
      closing.signal.throwIfAborted();
      return await claimNamed(source, name);
    },
    readStream: (stream, read = {}) => streamPages(source, stream, read),
    readAll: (read = {}) => logPages(source, read),
    async head() {
      closing.signal.throwIfAborted();
      return await headOf(source, { fromLeader: true });
    },
    subscribe: (subscribe = {}) => subscription(source, subscribe),
    async close() {
      closing.abort(closedError());
      await Promise.allSettled(appends);
      closed.abort(closing.signal.reason);
    },
  };
}

/** What the server, or the engine, would take for something else. */
function validateNames({ streams }: Commit): void {
  const seen = new Set<string>();
  for (const { stream } of streams) {
    if (isHidden(stream)) {
      throw refused(`Stream ${stream} starts with what claims or snapshots start with: rename it.`);
    }
    const folded = stream.toLowerCase();
    if (seen.has(folded)) {
      throw refused(`A commit names ${stream} twice but for upper and lower case: use two commits.`);
    }
    seen.add(folded);
  }
}

function refused(message: string): EventSourcingError {
  return new EventSourcingError('commit-refused', message);
}

function overloaded(maxAppends: number): EventSourcingError {
  return new EventSourcingError(
    'overloaded',
    `${maxAppends} appends are waiting for KurrentDB already: try again in a moment.`,
  );
}

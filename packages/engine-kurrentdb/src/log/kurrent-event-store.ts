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
import { closedError, TIMEOUTS, type Timeouts } from './source.ts';
import { claimNamed } from './stored-facts.ts';
import { streamPages } from './stream-pages.ts';
import { subscription } from './subscription.ts';

export interface KurrentEventStoreOptions {
  /** What one commit may hold: up to 8 MiB. Default: 1 MiB an event, 8 MiB and 3,000 events a commit. */
  readonly limits?: CommitLimits;
  /** Milliseconds after which calls count as lost. Default: appends 5,000, reads 10,000, pages of the log 120,000. */
  readonly timeouts?: Partial<Timeouts>;
  /** Appends that may be under way before further ones are refused as `overloaded`. Default: 2,000. */
  readonly maxAppends?: number;
  /** This machine's clock, milliseconds since 1970. One that differs from the store's by more than a second stops writing. */
  readonly now?: () => number;
}

/** The event store on KurrentDB. */
export interface KurrentEventStore extends EventStore {
  /**
   * Appends commits of another log, whose booking times are their own: each as it is, in this order, all of them or none.
   * Appends that are under way together would keep no order. No two of them name the same stream. It throws as `append` does.
   */
  appendTogether(commits: readonly Commit[]): Promise<void>;
}

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
): KurrentEventStore {
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

  const tracked = async (commits: readonly Commit[]): Promise<Appended> => {
    for (const commit of commits) validateCommit(commit, limits);
    validateNames(commits);
    if (appends.size >= maxAppends) throw overloaded(maxAppends);
    const appending = append(source, commits);
    appends.add(appending);
    return await appending.finally(() => appends.delete(appending));
  };

  return {
    sharedWriters: true,
    limits,
    // The log's last event tells the time of one writer only; each stream's own last event binds its next.
    lastRecordedAt: 0,
    async append(commit) {
      closing.signal.throwIfAborted();
      clock.assertRight();
      const sentAt = now();
      const appended = await tracked([commit]);
      clock.written(commit, sentAt);
      return appended;
    },
    async appendTogether(commits) {
      closing.signal.throwIfAborted();
      if (commits.length > 0) await tracked(commits);
    },
    async claim(name) {
      closing.signal.throwIfAborted();
      return await claimNamed(source, name);
    },
    readStream: (stream, read = {}) => streamPages(source, stream, read),
    readAll: (read = {}) => logPages(source, read),
    async head() {
      closing.signal.throwIfAborted();
      return await headOf(source);
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
function validateNames(commits: readonly Commit[]): void {
  const seen = new Set<string>();
  for (const { stream } of commits.flatMap(({ streams }) => streams)) {
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

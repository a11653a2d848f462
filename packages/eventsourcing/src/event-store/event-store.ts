import type { NewEvent, Position, RecordedEvent } from '../event.ts';

/**
 * Where events are kept. The contract suite in `testing/event-store-contract.ts` is the definition of every sentence
 * here; every engine passes it.
 */
export interface EventStore extends EventReader {
  /**
   * Whether other processes append to the same store. Then a cached state can be behind, and a refusal decided on it
   * is confirmed against the stream first.
   */
  readonly sharedWriters: boolean;
  readonly limits: CommitLimits;
  /** The latest booking time in the log when it was opened, microseconds since 1970; 0 where it is empty or not known. */
  readonly lastRecordedAt: number;

  /**
   * Appends all of the commit or nothing, and answers when it is durable.
   *
   * The identical commit again (same event ids, claims and expected revisions) answers success with the first
   * position, also after later appends. Otherwise claims are judged first, in the order given, then revisions.
   *
   * @throws RevisionConflict - a stream is not where the commit expects it; nothing was written
   * @throws ClaimTaken - another commit holds one of its claims; nothing was written
   * @throws EventSourcingError `commit-refused`, `time-refused` (the log of one clock has reached a later booking time),
   *   `overloaded`, `storage-full`, `store-unavailable` - definite: nothing was written; `outcome-unknown` - it may be in the
   *   log: repeat the identical commit to find out
   */
  append(commit: Commit): Promise<Appended>;

  /** Looks up who took a name; undefined while it is free. */
  claim(name: string): Promise<Claim | undefined>;

  close(): Promise<void>;
}

/** The reading half of an event store, enough for projections in another thread or process. */
export interface EventReader {
  /**
   * Whether one clock stamps the log: booking times rise along all of it, and positions count its events, from 1 and with
   * none left out. Then a time is found in it by halves, see `positionAsOf`. Left out where nobody sees to that.
   */
  readonly oneClock?: boolean | undefined;

  /** The stream's events in pages of bounded size; a missing stream has none. */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<readonly RecordedEvent[]>;

  /**
   * The log after a position, in commit order, up to the head as of the call. Events of one commit lie together,
   * grouped by stream, and on one page unless `limit` cuts it. A page can hold fewer events than were scanned; its
   * position is how far the scan came.
   */
  readAll(options?: ReadAllOptions): AsyncIterable<EventPage>;

  /** The position of the last event of the log; undefined while it is empty. */
  head(): Promise<Position | undefined>;

  /**
   * The log after a position, then what is appended from now on, without end. Reconnects by itself. Leaving the loop
   * or aborting the signal ends it; closing the store fails it with `store-unavailable`.
   */
  subscribe(options?: SubscribeOptions): AsyncIterable<SubscriptionMessage>;
}

/** A revision (the last event's, from 0), or `no-stream`. There is no "any": every append was decided on something. */
export type ExpectedRevision = number | 'no-stream';

export interface Commit {
  /** Each stream once, at least one, each with at least one event. */
  readonly streams: readonly StreamAppend[];
  /** Each name once. */
  readonly claims: readonly Claim[];
}

export interface StreamAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
}

/**
 * A name that can be taken once, for ever: `idempotency/{caller}/{key}`, `reversal/{transaction}`... It is taken in
 * the same atomic append as the events of the command that takes it.
 */
export interface Claim {
  readonly name: string;
  /** Tells a repeat of the same request from another one under the same name. */
  readonly requestHash: string;
  /** The events of the command that took it, from which its first answer is rebuilt: at least one, of its commit. */
  readonly events: readonly StreamRange[];
}

/** Events of a stream, both revisions included. */
export interface StreamRange {
  readonly stream: string;
  readonly first: number;
  readonly last: number;
}

export interface Appended {
  /** The position of the commit's last event. */
  readonly position: Position;
}

/** What an engine takes in one commit. */
export interface CommitLimits {
  /** Bytes of one event: its type, data and metadata as UTF-8. */
  readonly maxEventBytes: number;
  readonly maxCommitEvents: number;
  /** Bytes of all events of a commit. */
  readonly maxCommitBytes: number;
}

export interface ReadStreamOptions {
  /** The first revision to read, included. Default: the first forwards, the last backwards. */
  readonly from?: number;
  readonly direction?: 'forwards' | 'backwards';
  /** At most so many events. Default: all. */
  readonly limit?: number;
}

export interface ReadAllOptions {
  /** Read what comes after this position. Default: from the first event. */
  readonly after?: Position;
  /** Only streams whose name starts with one of these. Default: all. */
  readonly prefixes?: readonly string[];
  /** At most so many events. Default: all up to the head as of the call. */
  readonly limit?: number;
}

export interface EventPage {
  readonly events: readonly RecordedEvent[];
  /** Everything up to here has been scanned, foreign events included: what a checkpoint may be set to. */
  readonly position: Position;
}

export interface SubscribeOptions {
  readonly after?: Position;
  readonly prefixes?: readonly string[];
  readonly signal?: AbortSignal;
}

export type SubscriptionMessage =
  /** Events, perhaps none, and how far the scan came. Whole commits only. */
  | { readonly kind: 'page'; readonly events: readonly RecordedEvent[]; readonly position: Position }
  /** Everything that was in the log when it was asked has been delivered. */
  | { readonly kind: 'caught-up' };

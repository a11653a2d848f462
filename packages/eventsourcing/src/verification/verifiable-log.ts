import type { Position, RecordedEvent } from '../event.ts';
import type { Claim } from '../event-store/event-store.ts';
import type { Findings } from './findings.ts';

/** A commit as it lies in the log. */
export interface RecordedCommit {
  /** In their order; at least one. */
  readonly events: readonly RecordedEvent[];
  readonly claims: readonly Claim[];
}

export interface CommitPage {
  readonly commits: readonly RecordedCommit[];
  /** How far it goes. */
  readonly position: Position;
}

/** What of the log is read: after a position (default: from the first event), up to and with another one. */
export interface LogStretch {
  readonly after?: Position;
  readonly through: Position;
}

/** The log as an engine gives it to be verified, also from another process than the one that writes it. */
export interface VerifiableLog {
  /** Whether recorded times rise along the whole log, and not only along each stream. */
  readonly oneClock: boolean;
  /** The position of the last event that is durable as of the call; undefined while there is none. */
  head(): Promise<Position | undefined>;
  /** About how many events there are up to a position: for progress, and to make room. */
  count(through: Position): Promise<number>;
  /**
   * Whole commits in pages of bounded size. What cannot be read is named in the findings and left out; what is not as
   * it was written is named, and given as it is now.
   */
  commits(stretch: LogStretch, findings: Findings): AsyncIterable<CommitPage>;
}

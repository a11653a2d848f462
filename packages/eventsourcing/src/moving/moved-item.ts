import type { RecordedEvent } from '../event.ts';
import type { Claim } from '../event-store/event-store.ts';
import type { KeyEntry } from '../personal-data/key-store.ts';

/** An event on its way from one engine to another: all of it but its position, which is the engine's own. */
export type MovedEvent = Omit<RecordedEvent, 'position'>;

/** A commit on its way: its events in their order, and the claims that it takes. */
export interface MovedCommit {
  readonly events: readonly MovedEvent[];
  readonly claims: readonly Claim[];
}

/**
 * What is moved, in this order: all commits in the order of the log, subjects' keys, secrets, and the end. Keys come
 * last, because a log without keys cannot be served: what has not arrived as a whole is not taken for a whole.
 */
export type MovedItem =
  | { readonly kind: 'commit'; readonly commit: MovedCommit }
  | { readonly kind: 'key'; readonly entry: KeyEntry }
  | { readonly kind: 'end'; readonly counts: MovedCounts };

/** What has been moved: without the end, something has been cut off. */
export interface MovedCounts {
  readonly events: number;
  readonly commits: number;
  readonly claims: number;
  /** Keys, markers of destroyed ones, and secrets. */
  readonly keys: number;
}

export const NOTHING_MOVED: MovedCounts = { events: 0, commits: 0, claims: 0, keys: 0 };

export function countedWith(counts: MovedCounts, item: MovedItem): MovedCounts {
  if (item.kind === 'end') return counts;
  if (item.kind === 'key') return { ...counts, keys: counts.keys + 1 };
  return {
    ...counts,
    events: counts.events + item.commit.events.length,
    commits: counts.commits + 1,
    claims: counts.claims + item.commit.claims.length,
  };
}

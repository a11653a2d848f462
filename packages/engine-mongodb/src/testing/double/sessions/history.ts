import { CommandError } from '../command-error.ts';
import type { JournalEntry } from '../storage/journal.ts';

/** What was committed lately, so that reads can be of an earlier moment. Times are counts of changes. */
export interface History {
  /** From now on changes are kept for a while: somebody reads at a moment. */
  want(): void;
  /** Keeps what was committed at a time. `oldest`: the earliest time that an open transaction reads at. */
  add(entries: readonly JournalEntry[], time: number, oldest: number | undefined): void;
  /** What was committed after a time, in order. Throws `SnapshotTooOld`. */
  since(time: number): readonly JournalEntry[];
}

/** Milliseconds for which a moment can be read at after the last one who asked for one. A real server has 300,000. */
const KEPT_FOR = 10_000;
const MOST_KEPT = 200_000;

interface Kept {
  readonly entry: JournalEntry;
  readonly time: number;
  readonly until: number;
}

export function createHistory(): History {
  let kept: Kept[] = [];
  let wantedUntil = 0;
  /** What was committed up to this time is forgotten. */
  let floor = 0;

  function forget(count: number): void {
    floor = kept[count - 1]?.time ?? floor;
    kept = kept.slice(count);
  }

  function trim(now: number, oldest: number | undefined): void {
    const first = kept.findIndex(({ until, time }) => until > now || (oldest !== undefined && time > oldest));
    const old = first === -1 ? kept.length : first;
    if (old > kept.length / 2) forget(old);
    if (kept.length > MOST_KEPT) forget(MOST_KEPT / 2);
  }

  return {
    want() {
      wantedUntil = performance.now() + KEPT_FOR;
    },
    add(entries, time, oldest) {
      const now = performance.now();
      if (now > wantedUntil && oldest === undefined) {
        kept = [];
        floor = time;
        return;
      }
      for (const entry of entries) kept.push({ entry, time, until: now + KEPT_FOR });
      trim(now, oldest);
    },
    since(time) {
      const first = kept.findLastIndex((one) => one.time <= time) + 1;
      if (time >= floor) return kept.slice(first).map(({ entry }) => entry);
      throw new CommandError(239, 'SnapshotTooOld', 'Read timestamp is older than the oldest that is kept', {
        labels: ['TransientTransactionError'],
      });
    },
  };
}

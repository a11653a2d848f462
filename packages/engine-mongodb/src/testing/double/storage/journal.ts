import type { Collection } from './collection.ts';
import type { Change, StoredRecord } from './record.ts';

/** A change as it was made, so that it can be undone and done again. */
export interface JournalEntry {
  readonly collection: Collection;
  readonly record: StoredRecord;
  readonly change: Change;
  /** When the record had changed before. */
  readonly changedBefore: number;
}

/** The changes of a command, or of a transaction, in their order. */
export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** Makes a change and keeps it. Throws what the collection says; then nothing has changed. */
  write(collection: Collection, record: StoredRecord, change: Change): void;
  /** Takes over the entries of another journal. */
  append(other: Journal): void;
  undo(): void;
  /** Makes all changes again, or none where one is refused. */
  redo(): boolean;
}

/** `nextTime` counts changes: a record tells by it whether it changed since. */
export function createJournal(nextTime: () => number): Journal {
  const entries: JournalEntry[] = [];

  function undoFrom(last: number): void {
    for (const { collection, record, change } of entries.slice(0, last).toReversed()) {
      collection.apply(record, reversed(change));
    }
  }

  return {
    entries,
    write(collection, record, change) {
      collection.apply(record, change);
      entries.push({ collection, record, change, changedBefore: record.changedAt });
      record.changedAt = nextTime();
    },
    append: (other) => void entries.push(...other.entries),
    undo: () => undoFrom(entries.length),
    redo() {
      for (const [at, { collection, record, change }] of entries.entries()) {
        try {
          collection.apply(record, change);
        } catch {
          // Somebody else has a unique key by now: for the caller this is a conflict.
          undoFrom(at);
          return false;
        }
      }
      return true;
    },
  };
}

function reversed({ before, after }: Change): Change {
  return { ...(after && { before: after }), ...(before && { after: before }) };
}

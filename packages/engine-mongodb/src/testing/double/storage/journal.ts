import type { Collection } from './collection.ts';
import type { Change, StoredRecord } from './record.ts';

/** A change as it was made, so that it can be undone and done again. */
export interface JournalEntry {
  readonly collection: Collection;
  readonly record: StoredRecord;
  readonly change: Change;
}

/** A record that an update found, whether it then changed it or not. */
export interface Touch {
  readonly record: StoredRecord;
  /** When the record had changed before. */
  readonly changedBefore: number;
}

/** The changes of a command, or of a transaction, in their order. */
export interface Journal {
  readonly entries: readonly JournalEntry[];
  readonly touched: readonly Touch[];
  /** Makes a change and keeps it. Throws what the collection says; then nothing has changed. */
  write(collection: Collection, record: StoredRecord, change: Change): void;
  /** Keeps that a record would have been changed if it had not been so already. */
  touch(record: StoredRecord): void;
  /** Takes over what another journal holds. */
  append(other: Journal): void;
}

/** `nextTime` counts changes: a record tells by it whether it changed since. */
export function createJournal(nextTime: () => number): Journal {
  const entries: JournalEntry[] = [];
  const touched: Touch[] = [];

  function touch(record: StoredRecord): void {
    touched.push({ record, changedBefore: record.changedAt });
  }

  return {
    entries,
    touched,
    touch,
    write(collection, record, change) {
      collection.apply(record, change);
      entries.push({ collection, record, change });
      touch(record);
      record.changedAt = nextTime();
    },
    append(other) {
      // One by one: a call takes only so many arguments.
      for (const entry of other.entries) entries.push(entry);
      for (const one of other.touched) touched.push(one);
    },
  };
}

/** Takes changes back, the last one first. */
export function undo(entries: readonly JournalEntry[]): void {
  for (const { collection, record, change } of entries.toReversed()) {
    collection.apply(record, reversed(change));
  }
}

/** Makes all changes again, or none where one is refused. */
export function redo(entries: readonly JournalEntry[]): boolean {
  for (const [at, { collection, record, change }] of entries.entries()) {
    try {
      collection.apply(record, change);
    } catch {
      // Somebody else has a unique key by now: for the caller this is a conflict.
      undo(entries.slice(0, at));
      return false;
    }
  }
  return true;
}

function reversed({ before, after }: Change): Change {
  return { ...(after && { before: after }), ...(before && { after: before }) };
}

import type { DatabaseSync } from 'node:sqlite';
import { checkpoint } from '../sqlite/checkpoint.ts';
import { count, prepare, rowOf } from '../sqlite/columns.ts';
import { isRefusedWrite } from '../sqlite/sqlite-error.ts';

/** Moves what is written from the write-ahead log to the file itself: SQLite's own way to do it hides failed syncs. */
export interface WriteAheadLog {
  /**
   * Moves it when it is enough.
   *
   * @throws SQLite's error of a failed sync: the file cannot be trusted any more
   */
  afterBatch(): void;
  /** Moves all of it, and leaves the write-ahead log empty. Throws as `afterBatch`. */
  final(): void;
}

/** @param frames - pages that are moved at once */
export function createWriteAheadLog(database: DatabaseSync, frames: number): WriteAheadLog {
  const look = prepare(database, 'PRAGMA wal_checkpoint(NOOP)');
  let threshold = frames;

  function move(mode: 'PASSIVE' | 'TRUNCATE'): boolean {
    try {
      return checkpoint(database, mode);
    } catch (error) {
      if (isRefusedWrite(error)) return false;
      throw error;
    }
  }

  return {
    afterBatch() {
      const waiting = count(rowOf(look)?.[1]);
      if (waiting < threshold) return;
      // What a reader or a full disk holds up is tried again when as much has been added.
      threshold = move('PASSIVE') ? frames : waiting + frames;
    },
    final: () => {
      move('TRUNCATE');
    },
  };
}

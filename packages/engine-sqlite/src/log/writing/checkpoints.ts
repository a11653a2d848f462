import type { DatabaseSync } from 'node:sqlite';
import { checkpoint } from '../../sqlite/checkpoint.ts';
import { count, prepare, rowOf } from '../../sqlite/columns.ts';
import { isRefusedWrite } from '../../sqlite/sqlite-error.ts';

/** Checkpoints of the log, made between groups by its only writer. */
export interface Checkpoints {
  /**
   * Makes one when there is enough to move.
   *
   * @throws SQLite's error of a failed sync: the store has to stop
   */
  afterGroup(): void;
  /** Moves all there is. */
  final(): void;
}

/** Frames, of a page each, that are moved at once. The write-ahead log is written over from its start then: it stays small. */
const FRAMES = 1_000;
/** Groups between two looks at the write-ahead log. */
const LOOK_EVERY = 4;

export function createCheckpoints(database: DatabaseSync): Checkpoints {
  const look = prepare(database, 'PRAGMA wal_checkpoint(NOOP)');
  let groups = 0;
  let threshold = FRAMES;
  return {
    afterGroup() {
      if (++groups % LOOK_EVERY !== 0) return;
      const frames = count(rowOf(look)?.[1]);
      if (frames < threshold) return;
      // What a reader or a full disk holds up is tried again when as much has been added.
      threshold = moved(database, 'PASSIVE') ? FRAMES : frames + FRAMES;
    },
    final: () => {
      moved(database, 'TRUNCATE');
    },
  };
}

function moved(database: DatabaseSync, mode: 'PASSIVE' | 'TRUNCATE'): boolean {
  try {
    return checkpoint(database, mode);
  } catch (error) {
    if (isRefusedWrite(error)) return false;
    throw error;
  }
}

import type { DatabaseSync } from 'node:sqlite';
import { prepare, rowOf } from './columns.ts';

/**
 * Moves what is in the write-ahead log to the database file, syncing both. Answers whether all of it is there now:
 * somebody who reads an older state holds it up. An error is thrown on, also a failed sync, which SQLite's automatic
 * checkpoints would swallow.
 */
export function checkpoint(database: DatabaseSync, mode: 'PASSIVE' | 'TRUNCATE'): boolean {
  const [, frames, moved] = rowOf(prepare(database, `PRAGMA wal_checkpoint(${mode})`)) ?? [];
  return frames === moved;
}

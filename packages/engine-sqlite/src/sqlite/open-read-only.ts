import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { cannotOpen } from './sqlite-error.ts';

/**
 * Opens a database that another thread or process may be writing, without ever writing to it. In a directory where
 * nothing can be made, such as a copy on a read-only disk, SQLite cannot share the file with a writer: there it is read
 * as what it is then, a file that does not change. That needs an empty write-ahead log: what stands in one is not seen.
 *
 * @param timeout - milliseconds to wait for a lock
 */
export function openReadOnly(path: string, timeout: number): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout });
  try {
    database.prepare('PRAGMA schema_version').get();
    return database;
  } catch (error) {
    database.close();
    if (!cannotOpen(error) || !existsSync(path) || hasFrames(`${path}-wal`)) throw error;
    const url = pathToFileURL(path);
    url.searchParams.set('immutable', '1');
    return new DatabaseSync(url, { readOnly: true, timeout });
  }
}

function hasFrames(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

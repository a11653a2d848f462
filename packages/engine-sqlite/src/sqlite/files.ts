import { closeSync, existsSync, openSync } from 'node:fs';

/**
 * Makes a database file that only its owner can read, where there is none; SQLite gives its side files the same mode.
 * An existing one is left alone: to close it here would end the locks that SQLite holds on it in this process.
 */
export function makePrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
}

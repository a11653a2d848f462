import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { RUN_FILE } from './run-file.ts';

/** Marks a directory as ours, so that nobody else's is ever cleaned. */
const MARKER = 'openbank.data.json';
const LOGS = 'logs';

/** The directory cannot be used as a bank's. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
  readonly code = 'data-directory-refused';
}

/**
 * Makes the directory, readable by its owner alone, or sees that it is ours.
 *
 * @throws DataDirectoryError - it holds something else, or cannot be written
 */
export function prepareDataDirectory(data: string): void {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    if (!isDataDirectory(data)) {
      if (readdirSync(data).length > 0) throw foreign(data);
      writeMarker(data);
    }
    mkdirSync(join(data, LOGS), { recursive: true, mode: 0o700 });
  } catch (error) {
    if (error instanceof DataDirectoryError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataDirectoryError(`--data (OPENBANK_DATA): the directory ${data} cannot be used: ${reason}`);
  }
}

export function isDataDirectory(data: string): boolean {
  return existsSync(join(data, MARKER));
}

/** The log file of a bank that runs in the background. */
export function logFile(data: string): string {
  return join(data, LOGS, 'openbank.log');
}

/**
 * Removes what a bank keeps in its directory, and nothing else.
 *
 * @returns what it does not know and has left
 * @throws DataDirectoryError - it is no data directory
 */
export function cleanDataDirectory(data: string): readonly string[] {
  if (!isDataDirectory(data)) throw foreign(data);
  const logs = join(data, LOGS);
  for (const name of entries(logs).filter((name) => /^openbank\.log(\.\d+)?$/.test(name)))
    rmSync(join(logs, name));
  if (existsSync(logs) && entries(logs).length === 0) rmdirSync(logs);
  // The marker last: a clean that was interrupted can be repeated.
  for (const name of entries(data).filter(isOurs)) rmSync(join(data, name));
  rmSync(join(data, MARKER));
  const left = entries(data);
  if (left.length === 0) rmdirSync(data);
  return left;
}

/** Whether a process has the store open, whatever its run file says. */
export function isInUse(data: string): boolean {
  const lock = join(data, 'lock.db');
  if (!existsSync(lock)) return false;
  const database = new DatabaseSync(lock, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE; ROLLBACK');
    return false;
  } catch {
    return true;
  } finally {
    database.close();
  }
}

/** Bytes that the directory takes. */
export function directorySize(directory: string): number {
  let bytes = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) bytes += directorySize(path);
    // It may go while it is counted.
    else bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

function isOurs(name: string): boolean {
  return OUR_FILES.has(name) || OUR_PATTERN.test(name);
}

const OUR_FILES = new Set([RUN_FILE, `${RUN_FILE}.new`, 'head', 'lock.pid']);
const OUR_PATTERN =
  /^(?:(?:log|index|keys|lock|snapshots|read-models)\.db(?:-wal|-shm|-journal)?|master\.key(?:\.[0-9a-f-]{36})?)$/;

function entries(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}

function writeMarker(data: string): void {
  const path = join(data, MARKER);
  const file = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeFileSync(file, `${JSON.stringify({ program: 'openbank', format: 1 })}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
}

function foreign(data: string): DataDirectoryError {
  return new DataDirectoryError(
    `--data (OPENBANK_DATA): ${data} is not a data directory of OpenBank: name one, or one that is empty or not there yet.`,
  );
}

import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from './make-directory.ts';
import { RUN_FILE } from './run-file.ts';
import { STACK_SECRETS } from './stack/secrets-file.ts';

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
    makeDirectory(data);
    if (!isDataDirectory(data)) {
      // Another first start may have made it meanwhile: so it is looked for once more.
      if (!entries(data).every(isLeftover) && !isDataDirectory(data)) throw foreign(data);
      writeMarker(data);
    }
    makeDirectory(join(data, LOGS));
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
 * Removes what a bank keeps in its directory, and nothing else. Nobody can open the bank meanwhile.
 *
 * @returns what it does not know and has left
 * @throws DataDirectoryError - it is no data directory
 * @throws EventSourcingError `store-locked` - the bank is open
 */
export async function cleanDataDirectory(data: string): Promise<readonly string[]> {
  if (!isDataDirectory(data)) throw foreign(data);
  // Only here, so that all other commands answer at once.
  const { withDirectoryLocked } = await import('@openbank/engine-sqlite');
  return await withDirectoryLocked(data, () => removeBank(data));
}

function removeBank(data: string): readonly string[] {
  const logs = join(data, LOGS);
  for (const name of entries(logs).filter((name) => /^openbank\.log(\.\d+)?$/.test(name)))
    rmSync(join(logs, name));
  if (existsSync(logs) && entries(logs).length === 0) rmdirSync(logs);
  for (const name of entries(data).filter(isOurs)) rmSync(join(data, name));
  // Last, so that a clean that was interrupted can be repeated; and the lock after the marker, so that whoever starts a
  // bank meanwhile either finds it locked or makes all of it anew.
  rmSync(join(data, MARKER), { force: true });
  for (const name of LOCK_FILES) rmSync(join(data, name), { force: true });
  const left = entries(data).filter((name) => name !== MARKER && !isOurs(name));
  if (entries(data).length === 0) rmdirSync(data);
  return left;
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
  return OUR_FILES.has(name) || OUR_PATTERN.test(name) || MARKER_LEFTOVER.test(name);
}

/** What a first start, a clean, or one that was killed leaves in a directory that is not, or no longer, marked. */
function isLeftover(name: string): boolean {
  return MARKER_LEFTOVER.test(name) || LOCK_FILES.includes(name) || name === STACK_SECRETS;
}

const LOCK_FILES: readonly string[] = ['lock.db', 'lock.pid'];
const MARKER_LEFTOVER = /^openbank\.data\.json(?:\.\d+)?\.new$/;
const OUR_FILES = new Set([RUN_FILE, `${RUN_FILE}.new`, 'head']);
const OUR_PATTERN =
  /^(?:(?:log|index|keys|snapshots|read-models)\.db(?:-wal|-shm|-journal)?|lock\.db-journal|master\.key(?:\.[0-9a-f-]{36})?)$/;

function entries(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}

/** Whole or not at all; two first starts at once write the same. */
function writeMarker(data: string): void {
  const path = join(data, MARKER);
  const written = `${path}.${process.pid}.new`;
  const file = openSync(written, 'w', 0o600);
  try {
    writeFileSync(file, `${JSON.stringify({ program: 'openbank', format: 1 })}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(written, path);
}

function foreign(data: string): DataDirectoryError {
  return new DataDirectoryError(
    `--data (OPENBANK_DATA): ${data} is not a data directory of OpenBank: name one, or one that is empty or not there yet.`,
  );
}

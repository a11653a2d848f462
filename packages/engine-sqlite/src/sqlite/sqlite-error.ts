import { type ErrorCode, EventSourcingError } from '@openbank/eventsourcing';

// Extended result codes of SQLite: https://sqlite.org/rescode.html
const BUSY = 5;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const READONLY = 8;
const NOTADB = 26;
const IOERR_WRITE = 778;

/** SQLite's extended result code; undefined where the error is not SQLite's. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

/**
 * Whether a write was refused, as it is by a full disk, a quota or a size limit. SQLite has codes of their own for
 * syncs that fail (`SQLITE_IOERR_FSYNC`, 1034, also where the sync's error is ENOSPC), and the frame that makes a
 * commit valid is the last to be written: what was refused here is not in the log.
 */
export function isRefusedWrite(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === FULL || code === IOERR_WRITE;
}

export function isBusy(error: unknown): boolean {
  return primary(error) === BUSY;
}

/** Whether the file is not what SQLite, or the engine's own format, says it should be. */
export function isDamage(error: unknown): boolean {
  const code = primary(error);
  return code === CORRUPT || code === NOTADB;
}

/** SQLite's error in the words of the port; other errors as they are. */
export function toStoreError(error: unknown, file: string): unknown {
  const code = primary(error);
  if (code === undefined || !(error instanceof Error)) return error;
  return new EventSourcingError(portCode(code), `${file}: ${error.message}. ${advice(code)}`, {
    cause: error,
  });
}

function primary(error: unknown): number | undefined {
  const code = sqliteCode(error);
  return code === undefined ? undefined : code & 0xff;
}

function portCode(code: number): ErrorCode {
  if (code === FULL) return 'storage-full';
  return code === CORRUPT || code === NOTADB ? 'store-damaged' : 'store-unavailable';
}

function advice(code: number): string {
  switch (code) {
    case BUSY:
      return 'Another program is writing to it: end that program.';
    case FULL:
      return 'The disk is full: make room.';
    case CANTOPEN:
    case READONLY:
      return 'Let the user who runs this read and write the directory and its files.';
    case CORRUPT:
    case NOTADB:
      return 'The file is damaged: restore it from a backup.';
    default:
      return 'Look at the disk and its mount before starting again.';
  }
}

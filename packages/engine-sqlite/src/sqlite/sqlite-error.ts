import { type ErrorCode, EventSourcingError } from '@openbank/eventsourcing';

// Extended result codes of SQLite: https://sqlite.org/rescode.html
const ERROR = 1;
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const TOOBIG = 18;
const CONSTRAINT = 19;
const NOTADB = 26;
const IOERR_WRITE = 778;
const IOERR_FSYNC = 1034;
const IOERR_DIR_FSYNC = 1290;

/** What is the matter with the file, by primary result code, in the words of the ports. All others are programs' faults. */
const PORT_CODES: Readonly<Record<number, ErrorCode>> = {
  [BUSY]: 'store-unavailable',
  [LOCKED]: 'store-unavailable',
  [READONLY]: 'store-unavailable',
  [IOERR]: 'store-unavailable',
  [CORRUPT]: 'store-damaged',
  [FULL]: 'storage-full',
  [CANTOPEN]: 'store-unavailable',
  [NOTADB]: 'store-damaged',
};

/** SQLite's extended result code; undefined where the error is not SQLite's. */
function sqliteCode(error: unknown): number | undefined {
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

/** Whether a sync has failed: what was to be on the disk may be lost, even if a later sync succeeds. */
export function isFailedSync(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === IOERR_FSYNC || code === IOERR_DIR_FSYNC;
}

/** Whether a value or a row is larger than SQLite takes. */
export function isTooBig(error: unknown): boolean {
  return primary(error) === TOOBIG;
}

/** Whether a statement does not fit the tables that there are, or are no more. */
export function isOutdated(error: unknown): boolean {
  return primary(error) === ERROR;
}

/** Whether a value is not one that its column takes. */
export function isWrongType(error: unknown): boolean {
  return primary(error) === CONSTRAINT;
}

export function isBusy(error: unknown): boolean {
  return primary(error) === BUSY;
}

/** Whether the file, or what SQLite needs beside it, cannot be opened or made. */
export function cannotOpen(error: unknown): boolean {
  const code = primary(error);
  return code === CANTOPEN || code === READONLY;
}

/** Whether the file is not what SQLite, or the engine's own format, says it should be. */
export function isDamage(error: unknown): boolean {
  const code = primary(error);
  return code === CORRUPT || code === NOTADB;
}

/** What is the matter with the file; undefined where the error does not say that anything is. */
export function portCode(error: unknown): ErrorCode | undefined {
  return PORT_CODES[primary(error) ?? 0];
}

/** SQLite's error in the words of the port; other errors as they are. */
export function toStoreError(error: unknown, file: string): unknown {
  const code = primary(error);
  if (code === undefined || !(error instanceof Error)) return error;
  const message = `${file}: ${error.message}. ${advice(code)}`;
  return new EventSourcingError(portCode(error) ?? 'store-unavailable', message, { cause: error });
}

function primary(error: unknown): number | undefined {
  const code = sqliteCode(error);
  return code === undefined ? undefined : code & 0xff;
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

import { type ErrorCode, EventSourcingError } from '@openbank/eventsourcing';
import { sqliteCode } from '../sqlite/sqlite-error.ts';

/** SQLite's primary result codes: https://sqlite.org/rescode.html */
const CODES: Readonly<Record<number, ErrorCode>> = {
  5: 'store-unavailable', // BUSY
  6: 'store-unavailable', // LOCKED
  8: 'store-unavailable', // READONLY
  10: 'store-unavailable', // IOERR
  11: 'store-damaged', // CORRUPT
  13: 'storage-full', // FULL
  14: 'store-unavailable', // CANTOPEN
  18: 'document-refused', // TOOBIG
  26: 'store-damaged', // NOTADB
};

const ADVICE: Partial<Record<ErrorCode, string>> = {
  'store-unavailable': 'The read models cannot be reached for now',
  'storage-full': 'There is no room left for the read models: free some space',
  'store-damaged': 'read-models.db is damaged: stop, delete it, and it is made again from the log',
  'document-refused': 'SQLite does not take a document of this size',
};

/** Runs a piece of work on the database and tells SQLite's failures in the kit's words. */
export function told<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw inOurWords(error);
  }
}

function inOurWords(error: unknown): unknown {
  const code = CODES[(sqliteCode(error) ?? 0) & 0xff];
  if (code === undefined || !(error instanceof Error)) return error;
  return new EventSourcingError(code, `${ADVICE[code]} (${error.message}).`, { cause: error });
}

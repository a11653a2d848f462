import { type ErrorCode, EventSourcingError } from '@openbank/eventsourcing';
import {
  MongoAPIError,
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoError,
  MongoNotConnectedError,
  MongoServerError,
  MongoTopologyClosedError,
} from 'mongodb';

// Names and numbers: https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
/** Also the code of a write error within a bulk write. */
export const DUPLICATE_KEY = 11_000;
const OUT_OF_DISK_SPACE = 14_031;

/** Without the right, or with a wrong password. */
const REFUSED_USER: readonly number[] = [13, 18];

/** What passes by itself: another primary, a majority again, a lock, time. */
const PASSING: readonly number[] = [
  ...[6, 7, 89, 9001, 202], // host unreachable or not found, network time-outs, socket
  ...[91, 11600, 11601, 11602, 189], // shutting down, interrupted, stepping down
  ...[10107, 10058, 13435, 13436], // not the primary
  ...[50, 262, 24, 46, 290], // out of time, locks
  ...[64, 100, 133, 134], // no majority for now
  ...[112, 251, 246, 239], // a transaction or snapshot that must begin again
  ...[43, 175, 237, 279], // a cursor that is gone
];

/** A document that the server will never take: too large, refused by a validator, too deep. */
const REFUSED_DOCUMENT: readonly number[] = [10334, 17419, 17420, 17280, 121, 15];

const ADVICE: Partial<Record<ErrorCode, string>> = {
  'store-unavailable': 'MongoDB cannot be used for now',
  'store-misconfigured': 'MongoDB refuses this user: look at user, password and roles (readWrite)',
  'storage-full': 'There is no room left on the disk of MongoDB: make room',
  'document-refused': 'MongoDB does not take a document',
};

/** The driver's error in the words of the ports; other errors, and faults of the program, as they are. */
export function toStoreError(error: unknown): unknown {
  if (!(error instanceof MongoError)) return error;
  const code = portCode(error);
  if (code === undefined) return error;
  return new EventSourcingError(code, `${ADVICE[code]} (${error.message}).`, { cause: error });
}

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

function portCode(error: MongoError): ErrorCode | undefined {
  if (error instanceof MongoBulkWriteError) return bulkCode(error);
  if (error instanceof MongoServerError) return serverCode(error.code, error);
  if (error instanceof MongoAPIError) return isClosed(error) ? 'store-unavailable' : undefined;
  return 'store-unavailable';
}

/** What a bulk write failed for. Where the whole command did, the driver has wrapped its error and left out its class. */
function bulkCode(error: MongoBulkWriteError): ErrorCode | undefined {
  if (error.result.getWriteConcernError() !== undefined) return 'store-unavailable';
  for (const { code } of error.result.getWriteErrors()) {
    const known = serverCode(code);
    if (known !== undefined) return known;
  }
  return error.code === undefined ? 'store-unavailable' : serverCode(error.code, error);
}

function serverCode(code: unknown, error?: MongoServerError): ErrorCode | undefined {
  if (typeof code !== 'number') return 'store-unavailable';
  if (code === OUT_OF_DISK_SPACE) return 'storage-full';
  if (REFUSED_DOCUMENT.includes(code)) return 'document-refused';
  if (REFUSED_USER.includes(code)) return 'store-misconfigured';
  if (PASSING.includes(code)) return 'store-unavailable';
  const isPassing =
    error?.hasErrorLabel('TransientTransactionError') ||
    error?.hasErrorLabel('UnknownTransactionCommitResult') ||
    error?.hasErrorLabel('RetryableWriteError');
  return isPassing ? 'store-unavailable' : undefined;
}

function isClosed(error: MongoAPIError): boolean {
  return (
    error instanceof MongoNotConnectedError ||
    error instanceof MongoTopologyClosedError ||
    error instanceof MongoClientClosedError
  );
}

import { convertToCommandError, ErrorType, isCommandError } from '@kurrent/kurrentdb-client';
import { EventSourcingError } from '@openbank/eventsourcing';
import { misconfigured } from './misconfigured.ts';

/**
 * What a failed read, or a call that changes nothing, tells: `store-unavailable` unless it is known to fail again. The client
 * reports wrong arguments as an outage, too: so arguments are checked before, and nothing is repeated without a pause.
 *
 * @param what - what was to be done, such as `read stream x`
 */
export function toReadError(failure: unknown, what: string): EventSourcingError {
  if (failure instanceof EventSourcingError) return failure;
  const error = commandError(failure);
  if (isDenied(error)) return denied(error, what);
  if (isType(error, ErrorType.STREAM_DELETED) || isType(error, ErrorType.STREAM_TOMBSTONED)) {
    const message = `It is not possible to ${what}: somebody has deleted the stream for good. Restore the store from a backup.`;
    return new EventSourcingError('store-damaged', message, { cause: error });
  }
  if (grpcCode(error) === GRPC.invalidArgument) {
    const message = `It is not possible to ${what}: ${messageOf(error)} A position is of another store, or of one that was put back.`;
    return new EventSourcingError('store-damaged', message, { cause: error });
  }
  return unavailable(error, what);
}

/**
 * What a failed append tells, conflicts apart. Only what the server has refused, or has never been sent, is definite: of all
 * else the events may be in the log.
 */
export function toAppendError(failure: unknown): EventSourcingError {
  if (failure instanceof EventSourcingError) return failure;
  const error = commandError(failure);
  if (isDenied(error)) return denied(error, 'append');
  if (isRefused(error)) {
    const message = `KurrentDB refuses the commit: ${messageOf(error)}`;
    return new EventSourcingError('commit-refused', message, { cause: error });
  }
  if (isUnsent(error) || isType(error, ErrorType.NOT_LEADER)) return unavailable(error, 'append');
  const message = `It is not known whether KurrentDB has taken the commit (${messageOf(error)}): repeat it as it was.`;
  return new EventSourcingError('outcome-unknown', message, { cause: error });
}

/** A server that stops can end a subscription as if it were through. */
export function subscriptionEnded(): EventSourcingError {
  return new EventSourcingError(
    'store-unavailable',
    'KurrentDB has ended a subscription: it is taken up again.',
  );
}

/** Status codes of gRPC. */
const GRPC = { invalidArgument: 3, permissionDenied: 7, unauthenticated: 16 };

/** What the server has looked at and will never take. */
const REFUSALS: readonly ErrorType[] = [
  ErrorType.STREAM_DELETED,
  ErrorType.STREAM_TOMBSTONED,
  ErrorType.INVALID_ARGUMENT,
  ErrorType.INVALID_TRANSACTION,
  ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED,
  ErrorType.TRANSACTION_MAX_SIZE_EXCEEDED,
  ErrorType.APPEND_RECORD_SIZE_EXCEEDED,
  ErrorType.MISSING_REQUIRED_METADATA_PROPERTY,
];

function isRefused(error: unknown): boolean {
  return (
    REFUSALS.some((type) => isType(error, type)) ||
    grpcCode(error) === GRPC.invalidArgument ||
    isDuplicateStream(error)
  );
}

/** The same stream twice in one call: the client takes it for a time-out. */
function isDuplicateStream(error: unknown): boolean {
  return messageOf(error).includes('already has a different group of messages in this session');
}

/** No connection was there to send it on. */
function isUnsent(error: unknown): boolean {
  return /No connection established|Name resolution failed|Failed to discover/.test(messageOf(error));
}

function isDenied(error: unknown): boolean {
  const code = grpcCode(error);
  return (
    isType(error, ErrorType.ACCESS_DENIED) || code === GRPC.permissionDenied || code === GRPC.unauthenticated
  );
}

/** What stubs fail with is known to gRPC only; the client tells what it means. */
function commandError(failure: unknown): unknown {
  return failure instanceof Error ? convertToCommandError(failure) : failure;
}

/** Whether the client says so: its classes are told apart by their type. */
export function isType(error: unknown, type: ErrorType): boolean {
  return error instanceof Error && isCommandError(error) && error.type === type;
}

function grpcCode(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

function denied(error: unknown, what: string): EventSourcingError {
  const message = `KurrentDB does not let this user ${what}: check user, password and rights (${messageOf(error)}).`;
  return misconfigured(message, { cause: error });
}

function unavailable(error: unknown, what: string): EventSourcingError {
  const message = `It was not possible to ${what}: KurrentDB cannot be reached, or is not ready (${messageOf(error)}).`;
  return new EventSourcingError('store-unavailable', message, { cause: error });
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || error.name;
}

import { isRefusal, type Refusal, type RefusalKind } from '@openbank/bank';
import {
  CursorRefused,
  type ErrorCode,
  EventSourcingError,
  IdempotencyKeyReused,
  OutcomeUnknown,
  PreconditionFailed,
  ProjectionStopped,
} from '@openbank/eventsourcing';
import { Unauthenticated } from '../actor.ts';
import { unauthenticated } from './authenticate.ts';
import { malformed, ProblemError, unavailable } from './problem.ts';
import { requestProblem } from './request-problem.ts';

/** How an error is answered; undefined for what the caller must learn nothing of: a fault of ours, a 500. */
export function problemOf(error: unknown): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (error instanceof Unauthenticated) return unauthenticated();
  if (isRefusal(error)) return refusalProblem(error);
  if (error instanceof EventSourcingError) return STORE_PROBLEMS[error.code]?.(error.message);
  return repositoryProblem(error) ?? requestProblem(error);
}

const STATUS_OF_REFUSAL: Readonly<Record<RefusalKind, number>> = {
  malformed: 400,
  'not-found': 404,
  rule: 422,
};

function refusalProblem({ kind, code, message, fields }: Refusal): ProblemError {
  if (kind === 'malformed') return malformed(fields);
  return new ProblemError(
    STATUS_OF_REFUSAL[kind],
    code,
    message,
    fields.length === 0 ? {} : { errors: fields },
  );
}

function repositoryProblem(error: unknown): ProblemError | undefined {
  if (error instanceof OutcomeUnknown) return unavailable(error.code, error.message, 1, error.resourceId);
  if (error instanceof IdempotencyKeyReused) return new ProblemError(422, error.code, error.message);
  if (error instanceof PreconditionFailed) return new ProblemError(412, error.code, error.message);
  if (error instanceof ProjectionStopped) return unavailable('read-model-behind', PROJECTION_STOPPED, 30);
  if (error instanceof CursorRefused) return malformed([{ field: 'cursor', message: FOREIGN_CURSOR }]);
  return undefined;
}

const FOREIGN_CURSOR =
  'is none of this list: send `next` of the page before as it was, with the same filters';

const PROJECTION_STOPPED =
  'What you ask for cannot be known at the moment: its read model has stopped. The operator finds the reason in the log.';

function historyUnreadable(): ProblemError {
  return unavailable('store-unavailable', HISTORY_UNREADABLE, 30);
}

const HISTORY_UNREADABLE =
  'What is stored of it cannot be read, and this call has recorded nothing. An operator must look; the cause is in the log of the bank.';

const CLOCK_BEHIND =
  'The clock of the bank is behind the times in its log: nothing was recorded. An operator must look.';

const STORE_MISCONFIGURED =
  'The store cannot be used as it is set up: nothing was recorded. An operator must look.';

/** What the store says, in words that give nothing of its insides away. Codes that are not here are faults of ours. */
const STORE_PROBLEMS: Readonly<Partial<Record<ErrorCode, (message: string) => ProblemError>>> = {
  'revision-conflict': () =>
    new ProblemError(409, 'conflict', 'Others kept changing it meanwhile: nothing was recorded, try again.', {
      headers: { 'Retry-After': '1' },
    }),
  'commit-refused': () =>
    new ProblemError(413, 'too-large', 'The request records more than fits into one commit: send less.'),
  'time-refused': () => unavailable('store-unavailable', CLOCK_BEHIND, 5),
  overloaded: () =>
    unavailable('overloaded', 'Too much is going on: nothing was recorded, try again in a moment.', 1),
  'outcome-unknown': (message) => unavailable('outcome-unknown', message, 1),
  'storage-full': () =>
    unavailable('storage-full', 'The disk of the bank is full: nothing was recorded, reading goes on.', 30),
  'store-unavailable': () =>
    unavailable(
      'store-unavailable',
      'The store cannot be reached: nothing was recorded, try again later.',
      5,
    ),
  'store-misconfigured': () => unavailable('store-unavailable', STORE_MISCONFIGURED, 30),
  'store-damaged': historyUnreadable,
  'unknown-event-type': historyUnreadable,
  'read-model-behind': () =>
    unavailable(
      'read-model-behind',
      'The read model is not yet where you ask for: ask again in a moment.',
      1,
    ),
  'key-destroyed': () =>
    new ProblemError(410, 'person-erased', 'The person was erased: nothing is left of it.'),
};

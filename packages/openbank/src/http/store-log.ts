import {
  type ErrorCode,
  EventSourcingError,
  OutcomeUnknown,
  ProjectionStopped,
} from '@openbank/eventsourcing';
import type { Logger } from 'pino';

/** What callers can do nothing about and the operator can. */
const FOR_THE_OPERATOR: ReadonlySet<ErrorCode> = new Set([
  'storage-full',
  'store-damaged',
  'store-misconfigured',
  'store-unavailable',
  'unknown-event-type',
]);
const AT_MOST_EVERY_MS = 1_000;

/** Logs why the store refuses, which callers are told in general words only: once a second, however many ask. */
export function createStoreLog(log: Logger, now: () => number = Date.now): (error: unknown) => void {
  const last = new Map<string, number>();
  return (error) => {
    const code = codeOf(error);
    if (code === undefined || now() - (last.get(code) ?? 0) < AT_MOST_EVERY_MS) return;
    last.set(code, now());
    log.error({ err: error, code }, 'the store refuses requests');
  };
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof OutcomeUnknown || error instanceof ProjectionStopped) return error.code;
  return error instanceof EventSourcingError && FOR_THE_OPERATOR.has(error.code) ? error.code : undefined;
}

import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { convertToCommandError } from '@kurrent/kurrentdb-client';
import { EventSourcingError } from '@openbank/eventsourcing';
import { toReadError } from '../connection/store-error.ts';
import { type ReadMessage, readMessages } from './read-call.ts';
import type { ReadRequest } from './read-request.ts';

/** Milliseconds after which a call counts as lost. */
export interface Timeouts {
  /** An append: longer, and its outcome is unknown. */
  readonly append: number;
  /** A page of a stream, a claim, the head. */
  readonly read: number;
  /** A page of the log: the server may have to go over many foreign events before it finds one. */
  readonly scan: number;
  /** A subscription that hears nothing: then the log is looked at once more. */
  readonly wait: number;
}

/** Where nobody says otherwise. */
export const TIMEOUTS: Timeouts = { append: 5_000, read: 10_000, scan: 120_000, wait: 30_000 };

/** Where the log is read. */
export interface Source {
  readonly client: KurrentDBClient;
  readonly timeouts: Timeouts;
  /** Aborted, with `store-unavailable`, once the store is closed. */
  readonly closed: AbortSignal;
}

export interface Reading {
  /** What is read, for messages: `read stream x`. */
  readonly what: string;
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads until the server has no more to tell, or `take` says `false`.
 *
 * @throws EventSourcingError `store-unavailable`, `store-misconfigured`; `store-damaged` where a stream was deleted for
 *   ever, or a position is none of this log
 */
export async function readFrom(
  { client, closed }: Pick<Source, 'client' | 'closed'>,
  request: ReadRequest,
  { what, deadline, signal }: Reading,
  take: (message: ReadMessage) => boolean,
): Promise<void> {
  try {
    await readMessages(client, request, { what, deadline, signals: [closed, signal] }, take);
  } catch (error) {
    if (error === closed.reason || (signal?.aborted && error === signal.reason)) throw error;
    throw readError(error, what);
  }
}

function readError(error: unknown, what: string): Error {
  if (!(error instanceof Error)) return toReadError(error, what);
  if (!INVALID_POSITION.test(error.message)) return toReadError(convertToCommandError(error), what);
  const message = `KurrentDB cannot ${what}: there is no record at the position. It is of another store, or of one that was put back.`;
  return new EventSourcingError('store-damaged', message, { cause: error });
}

/** How a position off a record shows: on a read an error of no kind, on a subscription a wrong argument. */
const INVALID_POSITION = /InvalidPosition|invalid position/;

export function closedError(): EventSourcingError {
  return new EventSourcingError('store-unavailable', 'The event store is closed: open it again.');
}

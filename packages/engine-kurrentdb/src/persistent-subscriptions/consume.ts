import { setTimeout as delay } from 'node:timers/promises';
import { ErrorType } from '@kurrent/kurrentdb-client';
import { hasCode, type RecordedEvent } from '@openbank/eventsourcing';
import type { KurrentConnection } from '../connection/connect.ts';
import { misconfigured } from '../connection/misconfigured.ts';
import { isType, toReadError } from '../connection/store-error.ts';
import { receive } from './receive.ts';

/** An event to be handled. */
export interface Delivery {
  readonly event: RecordedEvent;
  /** How often it has been delivered before. Starts again at 0 where it was parked and is replayed. */
  readonly retries: number;
}

/** What becomes of an event that was handled. */
export type Verdict =
  | { readonly kind: 'done' }
  /** It is delivered again, after a pause that grows; too often, and it is parked. Errors that are thrown count as this. */
  | { readonly kind: 'retry'; readonly reason: string }
  /** It is put aside at once, to be looked at and replayed. The reason is stored: no personal data. */
  | { readonly kind: 'park'; readonly reason: string };

/** Makes the side effect of an event. At least once: an event can come again although it has been handled. */
export type Handler = (delivery: Delivery) => Promise<Verdict>;

export interface ConsumeOptions {
  /** Ends it, once the events under way are handled. */
  readonly signal: AbortSignal;
  /** Events handled at a time. Default 10. */
  readonly concurrency?: number;
  /** Milliseconds before an event is given back to be retried, doubled for each time before; at most a quarter of `handleTimeout`. Default 200. */
  readonly retryDelay?: number;
  /** Told of outages, which it sits out, for logs. */
  readonly onOutage?: (error: Error) => void;
}

export interface Group extends Pick<KurrentConnection, 'client' | 'closed'> {
  readonly group: string;
  /** Milliseconds. */
  readonly handleTimeout: number;
}

/** Connects again and again, waiting longer after each failure, until it is told to end. */
export async function consume(group: Group, handle: Handler, options: ConsumeOptions): Promise<void> {
  const { signal, onOutage } = options;
  for (let pause = FIRST_PAUSE_MS; !signal.aborted; ) {
    const began = performance.now();
    try {
      await receive(group, handle, options);
    } catch (failure) {
      group.closed.throwIfAborted();
      const error = toError(failure, group);
      if (hasCode(error, 'store-misconfigured')) throw error;
      onOutage?.(error);
      // What went well for long counts anew.
      pause = performance.now() - began > LONGEST_PAUSE_MS ? FIRST_PAUSE_MS : pause * 2;
      const jittered = Math.min(pause, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
      await delay(jittered, undefined, { signal: AbortSignal.any([signal, group.closed]) }).catch(() => {});
    }
  }
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 10_000;

/** One that was deleted is not made again: from its start, it would repeat all side effects there ever were. */
function toError(failure: unknown, { group }: Group): Error {
  const error = toReadError(failure, `consume the persistent subscription ${group}`);
  if (!isType(error.cause, ErrorType.PERSISTENT_SUBSCRIPTION_DOES_NOT_EXIST)) return error;
  const message = `Somebody has deleted the persistent subscription ${group}: open it again, with the place where it is to begin.`;
  return misconfigured(message, { cause: failure });
}

import type { RecordedEvent } from '@openbank/eventsourcing';
import type { KurrentConnection } from '../connection/connect.ts';

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

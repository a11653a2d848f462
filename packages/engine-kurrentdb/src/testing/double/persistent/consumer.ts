import type { LogRecord } from '../log/log-record.ts';
import type { Failure } from '../wire/failures.ts';

/** An event on its way to a consumer. */
export interface Delivery {
  readonly event: LogRecord;
  /** The parked link that is being replayed. */
  readonly link: LogRecord | undefined;
  readonly retries: number;
}

/** One client that reads as a member of a group. */
export interface Consumer {
  readonly peer: string;
  /** How many events it may hold unanswered. */
  readonly slots: number;
  readonly inFlight: Map<string, { readonly delivery: Delivery; readonly timer: NodeJS.Timeout | undefined }>;
  total: number;
  send(delivery: Delivery): void;
  end(failure: Failure): void;
}

/** The id by which a consumer answers an event: the link's, where there is one. */
export const idOf = ({ event, link }: Delivery): string => (link ?? event).id;

export const isFree = (consumer: Consumer): boolean => consumer.inFlight.size < consumer.slots;

/** Takes an event out of a consumer's hands; `undefined` if it does not hold it (any more). */
export const takeBack = (consumer: Consumer, id: string): Delivery | undefined => {
  const held = consumer.inFlight.get(id);
  if (held === undefined) return undefined;
  clearTimeout(held.timer);
  consumer.inFlight.delete(id);
  return held.delivery;
};

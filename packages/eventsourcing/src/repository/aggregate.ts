import type { DomainEvent } from '../event.ts';
import type { StateCodec } from '../snapshots/state-codec.ts';
import type { Upcaster } from './upcasting.ts';

/**
 * An aggregate of a domain, as a plain object: how its streams are named, and how its state follows from its events.
 * `evolve` is pure and total over the events of its own streams.
 */
export interface Aggregate<State, Event extends DomainEvent> {
  /** Its name in metadata, for example `BankAccount`. */
  readonly type: string;
  /** A stream is this prefix and the aggregate's id, for example `bank-account-`. */
  readonly streamPrefix: string;
  /** Every event type its streams can hold. Any other one is an error that names it, never skipped. */
  readonly eventTypes: readonly Event['type'][];
  /** How events that were recorded in an older form become one of these. `evolve` never sees the older form. */
  readonly upcasters?: readonly Upcaster[] | undefined;
  /** How its state is kept, so that a load goes on from there. Without it, every load starts at the first event. */
  readonly snapshots?: StateCodec<State>;
  readonly initialState: State;
  evolve(state: State, event: Event): State;
}

/** One aggregate that a command decides on. */
export interface AggregateRef<State, Event extends DomainEvent> {
  readonly aggregate: Aggregate<State, Event>;
  readonly id: string;
}

export function streamOf(ref: {
  readonly aggregate: { readonly streamPrefix: string };
  readonly id: string;
}): string {
  return ref.aggregate.streamPrefix + ref.id;
}

import type { Position } from '../event.ts';
import type { RecentCache } from '../recent-cache.ts';

/** An aggregate as its stream has it: all that the next append needs to know. */
export interface LoadedState {
  readonly state: unknown;
  /** Revision of the last event; -1 for a stream that does not exist. */
  readonly revision: number;
  /** Chain link of the last event. */
  readonly link: string;
  /** Booking time of the last event, microseconds. */
  readonly recordedAt: number;
}

/** What reading a stream has come to. */
export interface Replayed {
  readonly loaded: LoadedState;
  /** Revision of the snapshot that it went on from; -1 where it began at the start. */
  readonly from: number;
  /** Of the last event that was read; undefined where none was. */
  readonly position: Position | undefined;
}

/** States of streams. A cache: an absent one is loaded again, and one that is behind is refused by the store. */
export type StateCache = RecentCache<LoadedState>;

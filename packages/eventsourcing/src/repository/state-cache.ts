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

/** States of streams, the least recently used dropped. A cache: an absent state is loaded again, a stale one is refused by the store. */
export interface StateCache {
  get(stream: string): LoadedState | undefined;
  set(stream: string, state: LoadedState): void;
  delete(stream: string): void;
}

export function createStateCache(maxStates: number): StateCache {
  const states = new Map<string, LoadedState>();
  return {
    get(stream) {
      const state = states.get(stream);
      if (state === undefined) return undefined;
      states.delete(stream);
      states.set(stream, state);
      return state;
    },
    set(stream, state) {
      states.delete(stream);
      states.set(stream, state);
      if (states.size > maxStates) {
        for (const oldest of states.keys()) {
          states.delete(oldest);
          break;
        }
      }
    },
    delete(stream) {
      states.delete(stream);
    },
  };
}

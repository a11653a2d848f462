/** Gives booking times: microseconds since 1970, each later than the one before. */
export interface EventClock {
  /** A time later than every one given so far and later than `previous`. */
  next(previous: number): number;
  /** A clock that goes on from here by itself and leaves this one where it is. */
  fork(): EventClock;
}

/**
 * @param lastRecordedAt - the latest time in the store: a clock that was set back must not book before it
 * @param now - milliseconds since 1970
 */
export function createEventClock(lastRecordedAt: number, now: () => number = Date.now): EventClock {
  let last = lastRecordedAt;
  return {
    next(previous) {
      last = Math.max(Math.floor(now() * 1000), previous + 1, last + 1);
      return last;
    },
    fork: () => createEventClock(last, now),
  };
}

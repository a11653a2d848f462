/** Milliseconds over which events are counted. */
const WINDOW = 100;
/** From this rate on, in events a second, it pays to let batches fill. */
const BUSY_RATE = 2_000;

/** What a page counts for, however few events it holds: applying it costs a transaction for each projection. */
const LEAST_PAGE = 4;

/** Tells a busy log, where waiting a moment makes batches larger, from an idle one, where it only adds delay. */
export interface LoadMeter {
  /** A page with so many events has come. */
  add(events: number): void;
  busy(): boolean;
}

export function createLoadMeter(now: () => number = () => performance.now()): LoadMeter {
  let windowEnd = now() + WINDOW;
  let counted = 0;
  let countedBefore = 0;

  function turn(): void {
    const time = now();
    if (time < windowEnd) return;
    countedBefore = time < windowEnd + WINDOW ? counted : 0;
    counted = 0;
    windowEnd = time + WINDOW;
  }

  return {
    add(events) {
      turn();
      counted += Math.max(events, LEAST_PAGE);
    },
    busy() {
      turn();
      return Math.max(counted, countedBefore) >= (BUSY_RATE * WINDOW) / 1000;
    },
  };
}

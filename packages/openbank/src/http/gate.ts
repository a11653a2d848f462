import { unavailable } from './problem.ts';

/** Bounds the requests that are being answered at once: one more is refused at once, not queued. */
export interface Gate {
  /** @throws ProblemError 503 `overloaded` - all places are taken */
  run<Answer>(work: () => Promise<Answer>): Promise<Answer>;
  readonly inFlight: number;
}

export function createGate(places: number): Gate {
  let inFlight = 0;
  return {
    async run(work) {
      if (inFlight >= places) throw unavailable('overloaded', TOO_MUCH, 1);
      inFlight++;
      try {
        return await work();
      } finally {
        inFlight--;
      }
    },
    get inFlight() {
      return inFlight;
    },
  };
}

const TOO_MUCH = 'Too many requests are being answered: nothing was recorded, try again in a moment.';

import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;

/** Without a failure for so long, milliseconds, the next one is a first again. */
const FORGOTTEN_AFTER = 60_000;

/** Wrong arguments and faults of the server's own come as errors of no kind: some of them pass, others never do. */
const DOUBTFUL_TRIES = 5;

/** Status codes of gRPC. */
const UNKNOWN = 2;
const DEADLINE_EXCEEDED = 4;

export interface BackOff {
  /** Things go on: the next failure is a first again. */
  progress(): void;
  /**
   * How long to wait after a failure, milliseconds: longer each time, up to ten seconds, and by chance between half and all of it.
   *
   * @throws the error - it is of a kind that may be for good, and has come several times in a row
   */
  pause(error: Error): number;
}

/** @param now - milliseconds since any moment */
export function createBackOff(now: () => number = () => performance.now()): BackOff {
  let failures = 0;
  let doubtful = 0;
  let last = Number.NEGATIVE_INFINITY;
  const progress = () => {
    failures = 0;
    doubtful = 0;
  };
  return {
    progress,
    pause(error) {
      if (now() - last > FORGOTTEN_AFTER) progress();
      last = now();
      doubtful = statusOf(error) === UNKNOWN ? doubtful + 1 : 0;
      if (doubtful > DOUBTFUL_TRIES) throw error;
      return Math.min(FIRST_PAUSE * 2 ** failures++, LONGEST_PAUSE) * (0.5 + Math.random() / 2);
    },
  };
}

/** Resolves early when the signal is aborted. */
export async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** Whether a call was given up because nothing had come for as long as it might take. */
export function hasHeardNothing(error: unknown): boolean {
  return statusOf(error) === DEADLINE_EXCEEDED;
}

/** The status code that the server, or the connection, has given. */
function statusOf(error: unknown): number | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'number' ? cause.code : undefined;
}

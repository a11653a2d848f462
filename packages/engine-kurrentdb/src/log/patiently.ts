import { setTimeout as delay } from 'node:timers/promises';

/** Tries at most, of a call that nothing came of. */
const TRIES = 4;

/** Before the second try, milliseconds; twice as much before each further one. */
const FIRST_PAUSE_MS = 10;

/**
 * Calls again, a few times, where a failure tells that nothing has been done: a node that does not lead any more names the
 * leader, to which the client then connects.
 */
export async function patiently<Result>(
  call: () => Promise<Result>,
  isHarmless: (error: Error) => boolean,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (tries === TRIES || !(error instanceof Error) || !isHarmless(error)) throw error;
      await delay(FIRST_PAUSE_MS * 2 ** (tries - 1));
    }
  }
}

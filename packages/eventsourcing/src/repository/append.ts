import { setTimeout as delay } from 'node:timers/promises';
import { hasCode } from '../errors.ts';
import type { Appended, Commit, EventStore } from '../event-store/event-store.ts';

/**
 * Appends, and where the store cannot say whether it did, repeats the identical commit until it can: then success and
 * conflict are final. Past the deadline the store's last word stands (`outcome-unknown`).
 */
export async function appendUntilKnown(
  store: EventStore,
  commit: Commit,
  deadline: number,
): Promise<Appended> {
  try {
    return await store.append(commit);
  } catch (error) {
    if (!hasCode(error, 'outcome-unknown')) throw error;
    return repeat(store, commit, deadline, error);
  }
}

async function repeat(
  store: EventStore,
  commit: Commit,
  deadline: number,
  unknown: Error,
): Promise<Appended> {
  for (let pause = FIRST_PAUSE_MS; Date.now() + pause < deadline; pause *= 2) {
    await delay(jittered(pause));
    try {
      return await store.append(commit);
    } catch (error) {
      if (isFinal(error)) throw error;
      // A store in this process that has stopped comes back only with a new start: nobody has to wait for that.
      if (!store.sharedWriters && hasCode(error, 'store-unavailable')) throw unknown;
    }
  }
  throw unknown;
}

const FIRST_PAUSE_MS = 20;

/** Any other error of a repeat says nothing about the first attempt. */
function isFinal(error: unknown): boolean {
  return hasCode(error, 'revision-conflict') || hasCode(error, 'claim-taken');
}

/** Spreads repeats of many callers: half to all of the pause. */
export function jittered(pauseMs: number): number {
  return pauseMs * (0.5 + Math.random() / 2);
}

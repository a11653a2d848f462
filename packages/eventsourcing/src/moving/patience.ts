import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, EventSourcingError } from '../errors.ts';

/** What may pass; what is written is the same again, and no other. */
const PASSING: readonly ErrorCode[] = ['outcome-unknown', 'overloaded', 'store-unavailable', 'storage-full'];
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2_000;

/** Does again what a store that is away has failed, for so many milliseconds. */
export async function patiently(patience: number, work: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + patience;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || performance.now() > deadline) throw error;
    }
    await sleep(pause);
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof EventSourcingError && PASSING.includes(error.code);
}

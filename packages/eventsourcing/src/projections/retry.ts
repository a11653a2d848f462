import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '../errors.ts';

export interface Retrying {
  readonly signal: AbortSignal;
  /** Milliseconds before the first retry. Each one later waits up to twice as long. */
  readonly firstDelay: number;
  /** Milliseconds that no wait exceeds. */
  readonly longestDelay: number;
  /** Told of every attempt that failed and will be repeated; `attempt` counts from 1. */
  onRetry?(error: unknown, attempt: number): void;
}

/** Whether the same call may succeed later: the store is unreachable, or has no room. */
function isPassing(error: unknown): boolean {
  return (
    hasCode(error, 'store-unavailable') || hasCode(error, 'storage-full') || hasCode(error, 'overloaded')
  );
}

/**
 * Repeats the work until it succeeds, or fails for another reason than a store out of reach; without end, since nothing
 * else may go first. Waits between half of a delay and all of it, so that those who wait together do not return
 * together.
 *
 * @throws the work's error that does not pass, or the signal's reason
 */
export async function retried<Result>(
  work: (attempt: number) => Promise<Result>,
  { signal, firstDelay, longestDelay, onRetry }: Retrying,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    const started = performance.now();
    try {
      return await work(attempt);
    } catch (error) {
      if (!isPassing(error)) throw error;
      // What went well for long, like a subscription, starts to count anew.
      if (performance.now() - started > longestDelay) attempt = 1;
      onRetry?.(error, attempt);
      const delay = Math.min(longestDelay, firstDelay * 2 ** (attempt - 1));
      await sleep(delay * (0.5 + Math.random() / 2), undefined, { signal });
    }
  }
}

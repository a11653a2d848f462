import { EventSourcingError } from './errors.ts';

/**
 * The result of the work, if there is one within so many milliseconds: a store may never answer. Later the work goes on
 * with nobody waiting for it: `isLate` tells it.
 *
 * @throws EventSourcingError `store-unavailable` - there is none
 */
export async function within<Result>(
  milliseconds: number,
  work: (isLate: () => boolean) => Promise<Result>,
): Promise<Result> {
  let late = false;
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late = true;
    timeout.reject(noAnswer(milliseconds));
  }, milliseconds);
  const working = work(() => late);
  // What it fails with once it was given up is nobody's concern.
  working.catch(() => undefined);
  try {
    return await Promise.race([working, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves after so many milliseconds, or on the signal. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}

function noAnswer(milliseconds: number): EventSourcingError {
  return new EventSourcingError(
    'store-unavailable',
    `There was no answer within ${milliseconds} ms: it is asked again.`,
  );
}

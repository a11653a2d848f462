import { EventSourcingError } from '@openbank/eventsourcing';

export interface Bounds {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The result of work that has no end of its own: the client's reads wait for ever on a server that does not answer.
 *
 * @throws EventSourcingError `store-unavailable` - it has taken longer
 * @throws the signal's reason
 */
export async function within<Result>(work: Promise<Result>, what: string, { timeout, signal }: Bounds) {
  signal?.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tooLate(what, timeout)), timeout);
  const abort = () => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function tooLate(what: string, timeout: number): EventSourcingError {
  return new EventSourcingError(
    'store-unavailable',
    `It was not possible to ${what}: KurrentDB has not answered for ${timeout} ms.`,
  );
}

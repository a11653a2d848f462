import { EventSourcingError } from '../errors.ts';
import type { Position } from '../event.ts';

/** Wakes those who wait for the head of the log to move. */
export interface HeadSignal {
  /** The durable head is here now. */
  moved(head: Position): void;
  /** As `FollowSource.waitForHead`. */
  wait(after: Position | undefined, signal: AbortSignal | undefined): Promise<void>;
  /** Whoever waits, and will wait, gets `store-unavailable`. */
  close(): void;
}

export function createHeadSignal(): HeadSignal {
  const waiting = new Set<() => void>();
  let head: Position | undefined;
  let closed = false;
  const wake = () => {
    for (const waiter of waiting) waiter();
    waiting.clear();
  };

  return {
    moved(position) {
      head = position;
      wake();
    },
    async wait(after, signal) {
      if (signal?.aborted) return;
      if (!closed && !isAfter(head, after)) await nextWake(waiting, signal);
      if (closed && !signal?.aborted) {
        throw new EventSourcingError(
          'store-unavailable',
          'The event store is closed: open it again to follow it.',
        );
      }
    },
    close() {
      closed = true;
      wake();
    },
  };
}

function isAfter(head: Position | undefined, position: Position | undefined): boolean {
  return head !== undefined && (position === undefined || head > position);
}

function nextWake(waiting: Set<() => void>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      signal?.removeEventListener('abort', wake);
      waiting.delete(wake);
      resolve();
    };
    signal?.addEventListener('abort', wake, { once: true });
    waiting.add(wake);
  });
}

import type { Commit } from '@openbank/eventsourcing';

/** How much may wait for the writer. Past it a call is refused at once, rather than answered late. */
export interface QueueBounds {
  readonly commits: number;
  readonly events: number;
  /** Bytes, counted roughly. */
  readonly bytes: number;
}

export const QUEUE_BOUNDS: QueueBounds = { commits: 20_000, events: 50_000, bytes: 64 * 1024 * 1024 };
/** One group, so that none keeps the others waiting for long; a single commit may be larger. */
const GROUP_BOUNDS: QueueBounds = { commits: 2_000, events: 4_000, bytes: 8 * 1024 * 1024 };

export const NOTHING: QueueBounds = { commits: 0, events: 0, bytes: 0 };

/** How many of those that wait go into the group; the first one always does. */
export function countWithin(queue: readonly QueueBounds[], group: QueueBounds): number {
  let size = group;
  const end = queue.findIndex((pending) => {
    size = plus(size, pending);
    return exceeds(size, GROUP_BOUNDS);
  });
  if (end < 0) return queue.length;
  return group.commits === 0 ? Math.max(end, 1) : end;
}

export function sizeOf({ streams }: Commit): QueueBounds {
  let events = 0;
  let bytes = 0;
  for (const append of streams) {
    events += append.events.length;
    for (const { data } of append.events) bytes += data.length + 500;
  }
  return { commits: 1, events, bytes };
}

export function plus(a: QueueBounds, b: QueueBounds): QueueBounds {
  return { commits: a.commits + b.commits, events: a.events + b.events, bytes: a.bytes + b.bytes };
}

export function minus(a: QueueBounds, b: QueueBounds): QueueBounds {
  return { commits: a.commits - b.commits, events: a.events - b.events, bytes: a.bytes - b.bytes };
}

export function exceeds(size: QueueBounds, bounds: QueueBounds): boolean {
  return size.commits > bounds.commits || size.events > bounds.events || size.bytes > bounds.bytes;
}

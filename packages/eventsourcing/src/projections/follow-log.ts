import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '../event.ts';
import type { EventReader } from '../event-store/event-store.ts';
import { createLoadMeter } from './load-meter.ts';
import { createPendingBatch } from './pending-batch.ts';
import type { RunningProjection } from './running-projection.ts';

export interface Following {
  readonly reader: EventReader;
  /** Streams of all projections that ever join. */
  readonly prefixes: readonly string[];
  /** Events of one batch at most, and the rest of the page that the last one came with. */
  readonly batchEvents: number;
  /** Milliseconds that a batch may wait to be filled while the log is busy. */
  readonly fillTime: number;
}

/**
 * Reads the log from where the projections are up to its end. All of them must be at the same position, or it is read
 * from the least of them. Answers how many events there were.
 */
export async function catchUp(
  projections: readonly RunningProjection[],
  { reader, prefixes, batchEvents }: Following,
): Promise<number> {
  const pending = createPendingBatch();
  let events = 0;
  for await (const page of reader.readAll({ ...after(projections), prefixes })) {
    pending.add(page);
    events += page.events.length;
    if (pending.size() >= batchEvents) await pending.applyTo(projections);
    if (allStopped(projections)) return events;
  }
  await pending.applyTo(projections);
  return events;
}

/**
 * Follows the log with one subscription for all of the projections, until the signal, or until all have stopped. A
 * quiet log is applied as it comes; on a busy one, batches are let grow for a moment.
 */
export async function followLog(
  projections: readonly RunningProjection[],
  { reader, prefixes, batchEvents, fillTime }: Following,
  signal: AbortSignal,
): Promise<void> {
  const leaving = new AbortController();
  const ended = AbortSignal.any([signal, leaving.signal]);
  const subscription = reader.subscribe({ ...after(projections), prefixes, signal: ended });
  const messages = subscription[Symbol.asyncIterator]();
  const pending = createPendingBatch();
  const meter = createLoadMeter();
  let applied = performance.now();
  let next = messages.next();
  try {
    while (!ended.aborted && !allStopped(projections)) {
      const wait = pending.isEmpty() ? undefined : applied + fillTime - performance.now();
      const result = await within(wait, next);
      if (result?.done) break;
      if (result?.value.kind === 'page') {
        pending.add(result.value);
        meter.add(result.value.events.length);
      }
      if (result !== undefined) next = messages.next();
      const full = pending.size() >= batchEvents || performance.now() >= applied + fillTime;
      if (!pending.isEmpty() && (full || !meter.busy())) {
        await pending.applyTo(projections);
        applied = performance.now();
      }
    }
  } finally {
    leaving.abort();
    // The one that was asked for ahead: nobody looks at it any more.
    next.catch(() => undefined);
    await messages.return?.();
  }
}

/** What the promise gives, or undefined where it takes longer than so many milliseconds. */
async function within<Result>(
  milliseconds: number | undefined,
  promise: Promise<Result>,
): Promise<Result | undefined> {
  if (milliseconds === undefined) return promise;
  const timer = new AbortController();
  try {
    const late = sleep(Math.max(0, milliseconds), undefined, { signal: timer.signal }).catch(() => undefined);
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
  }
}

function after(projections: readonly RunningProjection[]): { readonly after?: Position } {
  let least: Position | undefined;
  for (const projection of projections) {
    if (projection.stopped()) continue;
    const position = projection.position();
    if (position === undefined) return {};
    if (least === undefined || position < least) least = position;
  }
  return least === undefined ? {} : { after: least };
}

export function allStopped(projections: readonly RunningProjection[]): boolean {
  return projections.every((projection) => projection.stopped());
}

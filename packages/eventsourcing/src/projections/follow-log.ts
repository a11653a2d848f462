import { setTimeout as sleep } from 'node:timers/promises';
import type { Position, RecordedEvent } from '../event.ts';
import type { EventReader, SubscriptionMessage } from '../event-store/event-store.ts';
import { type DividedPage, dividePage } from './divide-page.ts';
import { createLoadMeter } from './load-meter.ts';
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
 * Reads the log from where the projections are up to its end, as of now. Answers how many events there were.
 */
export async function catchUp(
  projections: readonly RunningProjection[],
  { reader, prefixes, batchEvents }: Following,
): Promise<number> {
  let events = 0;
  let batch = 0;
  for await (const page of reader.readAll({ ...after(projections), prefixes })) {
    await foldAll(projections, page);
    events += page.events.length;
    batch += page.events.length;
    if (batch >= batchEvents) {
      batch = 0;
      if (!(await writeAll(projections))) return events;
    }
    if (allStopped(projections)) return events;
  }
  await writeAll(projections);
  return events;
}

/**
 * Follows the log with one subscription for all of the projections, until the signal, or until they must be read on
 * from elsewhere. A quiet log is applied as it comes; on a busy one, batches are let grow for a moment.
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
  const meter = createLoadMeter();
  let batch: number | undefined;
  let written = performance.now();
  let next = nextOf(messages);
  try {
    while (!ended.aborted && !allStopped(projections)) {
      const full = written + fillTime;
      const due = batch === undefined ? soonestDue(projections) : full;
      const result = await resultWithin(due && due - performance.now(), next);
      if (result?.done) return;
      if (result !== undefined) next = nextOf(messages);
      if (result?.value.kind === 'page') {
        await foldAll(projections, result.value);
        meter.add(result.value.events.length);
        batch = (batch ?? 0) + result.value.events.length;
      }
      const now = performance.now();
      const mayWait =
        batch === undefined
          ? due === undefined || now < due
          : batch < batchEvents && now < full && meter.busy();
      if (mayWait) continue;
      batch = undefined;
      if (!(await writeAll(projections))) return;
      written = performance.now();
    }
  } finally {
    leaving.abort();
    await messages.return?.();
    // Whoever follows next reads on from what is folded, and has no reason to write it before the next event.
    await writeAll(projections);
  }
}

/** Asked for ahead: should it fail, it is looked at later, or by nobody any more. */
function nextOf(messages: AsyncIterator<SubscriptionMessage>): Promise<IteratorResult<SubscriptionMessage>> {
  const next = messages.next();
  next.catch(() => undefined);
  return next;
}

async function foldAll(
  projections: readonly RunningProjection[],
  { events, position }: { readonly events: readonly RecordedEvent[]; readonly position: Position },
): Promise<void> {
  const page: DividedPage = dividePage(events, position);
  await Promise.all(projections.map((projection) => projection.fold(page.of(projection.partition))));
}

/** Answers whether all of them go on from where they had been read to. */
async function writeAll(projections: readonly RunningProjection[]): Promise<boolean> {
  const onward = projections.map(async (projection) => {
    const position = projection.position();
    await projection.write();
    return projection.stopped() || projection.position() === position;
  });
  return (await Promise.all(onward)).every(Boolean);
}

/** When the first of the checkpoints that wait to be written is due. */
function soonestDue(projections: readonly RunningProjection[]): number | undefined {
  let soonest: number | undefined;
  for (const projection of projections) {
    const due = projection.stopped() ? undefined : projection.due();
    if (due !== undefined && (soonest === undefined || due < soonest)) soonest = due;
  }
  return soonest;
}

/** What the promise gives, or undefined where it takes longer than so many milliseconds. */
async function resultWithin<Result>(
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

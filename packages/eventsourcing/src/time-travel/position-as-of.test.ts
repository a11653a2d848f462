import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventReader, EventStore } from '../event-store/event-store.ts';
import { createMemoryEventStore } from '../event-store/memory-event-store.ts';
import { appendTo, commitOf, newEvent } from '../testing/event-factory.ts';
import { positionAsOf } from './position-as-of.ts';

/** A log of commits, each a list of times, all on streams of their own. */
async function logOf(commits: readonly (readonly number[])[]): Promise<EventStore> {
  const store = createMemoryEventStore();
  for (const [at, times] of commits.entries()) {
    const events = times.map((recordedAt, index) =>
      newEvent({
        recordedAt,
        metadata: { commit_id: String(at), commit_index: String(index), commit_size: String(times.length) },
      }),
    );
    await store.append(commitOf(appendTo(`stream-${at}`, 'no-stream', events)));
  }
  return store;
}

/** The reader, and how often it was read. */
function counted(store: EventStore): { readonly reader: EventReader; reads(): number } {
  let reads = 0;
  const reader: EventReader = {
    ...store,
    readAll(options) {
      reads++;
      return store.readAll(options);
    },
  };
  return { reader, reads: () => reads };
}

const at = async (store: EventReader, time: number) => Number((await positionAsOf(store, time)) ?? 0);

describe('the position as of a time', () => {
  it('is nowhere in an empty log', async () => {
    expect(await positionAsOf(createMemoryEventStore(), 5)).toBeUndefined();
  });

  it('is before the first commit that was recorded later, though earlier ones come after it', async () => {
    const store = await logOf([[10], [30, 31], [20], [40]]);
    expect(store.oneClock).toBe(false);
    expect([await at(store, 9), await at(store, 10), await at(store, 25), await at(store, 29)]).toEqual([
      0, 1, 1, 1,
    ]);
    expect([await at(store, 30), await at(store, 31), await at(store, 39), await at(store, 40)]).toEqual([
      4, 4, 4, 5,
    ]);
  });

  it('shows a commit at the time of each of its events', async () => {
    const store = await logOf([
      [10, 11, 12],
      [20, 21],
    ]);
    expect(store.oneClock).toBe(true);
    expect([await at(store, 9), await at(store, 10), await at(store, 11), await at(store, 12)]).toEqual([
      0, 3, 3, 3,
    ]);
    expect([await at(store, 19), await at(store, 20), await at(store, 99)]).toEqual([3, 5, 5]);
  });

  it('takes events that do not say which commit they are of one by one', async () => {
    const store = createMemoryEventStore();
    const events = [10, 20, 30].map((recordedAt) => newEvent({ recordedAt, metadata: {} }));
    await store.append(commitOf(appendTo('a', 'no-stream', events)));
    expect([await at(store, 9), await at(store, 20), await at(store, 30)]).toEqual([0, 2, 3]);
  });

  it('is found in a log of one clock by few reads', async () => {
    const store = await logOf(Array.from({ length: 1_000 }, (_, i) => [10 * i, 10 * i + 1, 10 * i + 2]));
    const { reader, reads } = counted(store);
    expect(await at(reader, 5_001)).toBe(1_503);
    expect(reads()).toBeLessThanOrEqual(12);
  });

  it('ends a scan when the signal says so', async () => {
    const store = await logOf([[20], [10]]);
    await expect(positionAsOf(store, 50, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });

  it('is the same by halves as by a scan', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(sizes, async (commits) => {
        let time = 0;
        const store = await logOf(commits.map((size) => Array.from({ length: size }, () => (time += 2))));
        const { oneClock: _, ...scanned } = store;
        for (let t = -1; t <= time + 1; t++)
          expect(await positionAsOf(store, t)).toBe(await positionAsOf(scanned, t));
      }),
      { numRuns: 50 },
    );
  });
});

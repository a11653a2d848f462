import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventStore } from '../event-store/event-store.ts';
import { createMemoryEventStore } from '../event-store/memory-event-store.ts';
import type { ReadModelStore } from '../projections/read-model-store.ts';
import { arrived, CRATES, type CrateEvent, createRecorder, left, WEIGHINGS, weighed } from './crates.ts';
import { documentsOf, inPagesOf, plainFold, type Run, startRun } from './projection-run.ts';
import type { ReadModelStoreSource } from './read-model-store-contract.ts';

/** Something that happens to the log, or to the runner. */
type Step =
  | { readonly kind: 'crate'; readonly crate: number; readonly events: number }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'restart' }
  /** A run that dies in its `n`th write, before or after it took effect; then one that lives. */
  | { readonly kind: 'crash'; readonly writes: number; readonly afterEffect: boolean }
  /** A second runner takes over while the first still runs. */
  | { readonly kind: 'take-over' };

const crate: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('crate'),
  crate: fc.nat(5),
  events: fc.integer({ min: 1, max: 6 }),
});
const crash: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('crash'),
  writes: fc.nat(6),
  afterEffect: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: crate },
  { weight: 2, arbitrary: crash },
  fc.constant<Step>({ kind: 'foreign' }),
  fc.constant<Step>({ kind: 'restart' }),
  fc.constant<Step>({ kind: 'take-over' }),
);

const PROJECTIONS = [CRATES, WEIGHINGS];

/** Random histories with crashes, restarts and take-overs anywhere in them, on any store. */
export function projectionHistories(name: string, source: ReadModelStoreSource, histories: number): void {
  describe(`projections of random histories: ${name}`, () => {
    test('show the same as a plain fold, wherever the runner crashes, restarts or is displaced', async () => {
      const history = fc.array(step, { maxLength: 40 });
      const batchEvents = fc.integer({ min: 1, max: 20 });
      const property = fc.asyncProperty(history, batchEvents, (steps, size) => happen(source, steps, size));
      await fc.assert(property, { numRuns: histories });
    });
  });
}

async function happen(
  source: ReadModelStoreSource,
  steps: readonly Step[],
  batchEvents: number,
): Promise<void> {
  const store = await source.open();
  const log = createMemoryEventStore();
  const { record } = createRecorder(log);
  const crateEvents = createCrateHistory();
  const start = (over: ReadModelStore = store): Run =>
    startRun({ reader: inPagesOf(3, log), store: over, projections: PROJECTIONS, batchEvents });
  const runs = [start()];
  try {
    for (const next of steps) {
      if (next.kind === 'crate') await record(`crate-${next.crate}`, ...crateEvents(next.crate, next.events));
      else if (next.kind === 'foreign') await record('pallet-1', { type: 'PalletBuilt', data: {} });
      else {
        if (next.kind !== 'take-over') await runs.at(-1)?.end();
        if (next.kind === 'crash') await crashed(log, start(dying(store, next.writes, next.afterEffect)));
        runs.push(start());
      }
    }
    await Promise.all(runs.map((run) => run.end()));
    const last = start();
    runs.push(last);
    await headReached(log, last);
    expect(last.stopped()).toEqual([]);
    for (const projection of PROJECTIONS) {
      await store.prepare(projection);
      expect(await documentsOf(store, projection)).toEqual(await plainFold(log, projection));
    }
  } finally {
    await Promise.all(runs.map((run) => run.end()));
    await store.close();
    await source.cleanUp?.();
  }
}

/** The next events of a crate: it arrives, is weighed some times, leaves, and may come again. */
function createCrateHistory(): (crate: number, count: number) => readonly CrateEvent[] {
  const present = new Set<number>();
  let grams = 0n;
  const next = (crate: number): CrateEvent => {
    if (!present.has(crate)) {
      present.add(crate);
      return arrived(`owner-${crate}`);
    }
    if (++grams % 5n !== 0n) return weighed(grams);
    present.delete(crate);
    return left();
  };
  return (crate, count) => Array.from({ length: count }, () => next(crate));
}

/** A store whose user dies in one of its writes. */
function dying(store: ReadModelStore, writes: number, afterEffect: boolean): ReadModelStore {
  let remaining = writes;
  return {
    ...store,
    async apply(model, batch) {
      if (remaining > 0 || afterEffect) await store.apply(model, batch);
      if (--remaining < 0) throw new Error('crashed');
    },
  };
}

async function crashed(log: EventStore, run: Run): Promise<void> {
  await headReached(log, run);
  await run.end();
}

async function headReached(log: EventStore, run: Run): Promise<void> {
  const head = await log.head();
  if (head === undefined) return;
  await Promise.all(PROJECTIONS.map(({ name }) => run.reached(name, head)));
}

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventStore } from '../event-store/event-store.ts';
import { createMemoryEventStore } from '../event-store/memory-event-store.ts';
import type { Projection } from '../projections/projection.ts';
import type { Batch, ReadModel, ReadModelStore } from '../projections/read-model-store.ts';
import {
  arrived,
  type CrateEvent,
  cratesVersion,
  createRecorder,
  left,
  TOTALS,
  WEIGHINGS,
  weighed,
} from './crates.ts';
import { documentsOf, inPagesOf, plainFold, type Run, startRun } from './projection-run.ts';
import type { ReadModelStoreSource } from './read-model-store-contract.ts';

/** Something that happens to the log, or to the runner. */
type Step =
  | { readonly kind: 'crate'; readonly crate: number; readonly events: number }
  /** The next event of each of several crates, in one commit. */
  | { readonly kind: 'together'; readonly crates: readonly number[] }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'restart' }
  /** The program is replaced by one that wants another version of the crates, a newer or an older one. */
  | { readonly kind: 'release'; readonly version: number }
  /** A run that dies in its `n`th write; then one that lives. */
  | { readonly kind: 'crash'; readonly writes: number; readonly effect: Effect }
  /** A second runner takes over while the first still runs. */
  | { readonly kind: 'take-over' };

/** How much of a write takes effect before the program dies; half of one only in a store without transactions. */
type Effect = 'none' | 'half' | 'all';

const crate: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('crate'),
  crate: fc.nat(5),
  events: fc.integer({ min: 1, max: 6 }),
});
const crash: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('crash'),
  writes: fc.nat(9),
  effect: fc.constantFrom<Effect>('none', 'half', 'all'),
});
const step: fc.Arbitrary<Step> = fc.oneof<fc.MaybeWeightedArbitrary<Step>[]>(
  { weight: 6, arbitrary: crate },
  {
    weight: 2,
    arbitrary: fc.uniqueArray(fc.nat(5), { minLength: 2 }).map((crates) => ({ kind: 'together', crates })),
  },
  { weight: 2, arbitrary: crash },
  fc.integer({ min: 1, max: 3 }).map((version) => ({ kind: 'release', version })),
  fc.constant<Step>({ kind: 'foreign' }),
  fc.constant<Step>({ kind: 'restart' }),
  fc.constant<Step>({ kind: 'take-over' }),
);

/** What a program projects that wants this version of the crates. */
const projectionsOf = (version: number): readonly Projection[] => [cratesVersion(version), WEIGHINGS, TOTALS];

/** Random histories with crashes, restarts and take-overs anywhere in them, on any store. */
export function projectionHistories(name: string, source: ReadModelStoreSource, histories: number): void {
  describe(`projections of random histories: ${name}`, () => {
    test('show the same as a plain fold, wherever the runner crashes, restarts or is displaced', async () => {
      const history = fc.array(step, { maxLength: 40 });
      const batchEvents = fc.integer({ min: 1, max: 20 });
      const property = fc.asyncProperty(history, batchEvents, (steps, size) => happen(source, steps, size));
      await fc.assert(property, { numRuns: histories });
    }, 120_000);
  });
}

async function happen(
  source: ReadModelStoreSource,
  steps: readonly Step[],
  batchEvents: number,
): Promise<void> {
  const store = await source.open();
  const log = createMemoryEventStore();
  const { record, recordTogether } = createRecorder(log);
  const crateEvents = createCrateHistory();
  let projections = projectionsOf(1);
  const start = (over: ReadModelStore = store): Run =>
    startRun({ reader: inPagesOf(3, log), store: over, projections, batchEvents, keepPrevious: 0 });
  const runs = [start()];
  const endAll = () => Promise.all(runs.map((run) => run.end()));
  try {
    for (const next of steps) {
      switch (next.kind) {
        case 'crate':
          await record(`crate-${next.crate}`, ...crateEvents(next.crate, next.events));
          break;
        case 'together':
          await recordTogether(...next.crates.map((id) => [`crate-${id}`, ...crateEvents(id, 1)] as const));
          break;
        case 'foreign':
          await record('pallet-1', { type: 'PalletBuilt', data: {} });
          break;
        case 'restart':
          await runs.at(-1)?.end();
          runs.push(start());
          break;
        case 'release':
          await endAll();
          projections = projectionsOf(next.version);
          runs.push(start());
          break;
        case 'crash':
          await runs.at(-1)?.end();
          await crashed(log, start(dying(store, next.writes, next.effect)));
          runs.push(start());
          break;
        case 'take-over':
          runs.push(start());
          break;
        default:
          next satisfies never;
      }
    }
    await endAll();
    const last = start();
    runs.push(last);
    for (const projection of projections) await expectPlainFold(last, projection);
    expect(last.stopped()).toEqual([]);
  } finally {
    await endAll();
    await store.close();
    await source.cleanUp?.();
  }

  async function expectPlainFold(run: Run, projection: Projection): Promise<void> {
    const head = await log.head();
    await Promise.race([run.told('live', projection), run.told('stopped', projection)]);
    if (head !== undefined) await run.reached(projection.name, head, projection.version);
    expect(await documentsOf(store, projection)).toEqual(await plainFold(log, projection));
    expect(await store.liveVersion(projection.name)).toBe(projection.version);
    await expect.poll(() => store.versions(projection.name), { interval: 2 }).toEqual([projection.version]);
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
function dying(store: ReadModelStore, writes: number, effect: Effect): ReadModelStore {
  let remaining = writes;
  const write = async (
    all: () => Promise<void>,
    half: () => Promise<void> = async () => {},
  ): Promise<void> => {
    if (remaining > 0 || effect === 'all') await all();
    else if (remaining === 0 && effect === 'half') await half();
    if (--remaining < 0) throw new Error('crashed');
  };
  return {
    ...store,
    apply: (model, batch) =>
      write(
        () => store.apply(model, batch),
        () => applyHalf(store, model, batch),
      ),
    setLive: (model) => write(() => store.setLive(model)),
    drop: (model) => write(() => store.drop(model)),
  };
}

/** Every other document of a batch, and not its checkpoint. */
async function applyHalf(store: ReadModelStore, model: ReadModel, batch: Batch): Promise<void> {
  if (batch.after === undefined) return;
  const changes = batch.changes.filter((_, index) => index % 2 === 0);
  await store.apply(model, { ...batch, position: batch.after, changes });
}

/** Until the run shows the log, or has died. */
async function crashed(log: EventStore, run: Run): Promise<void> {
  const head = await log.head();
  if (head !== undefined) {
    await Promise.all(['crates', 'weighings', 'totals'].map((name) => run.reached(name, head)));
  }
  await run.end();
}

import { afterEach, beforeEach, expect } from 'vitest';
import type { Position } from '../../event.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { createMemoryEventStore } from '../../event-store/memory-event-store.ts';
import { leastCheckpoint } from '../../projections/partitions.ts';
import type { Projection } from '../../projections/projection.ts';
import type { ProjectionRunnerOptions } from '../../projections/projection-runner.ts';
import type { ReadModel, ReadModelStore } from '../../projections/read-model-store.ts';
import { CRATES, createRecorder, type Recorder, WEIGHINGS } from '../crates.ts';
import {
  documentsOf,
  plainFold,
  type Run,
  type SharedRun,
  startRun,
  startSharedRun,
} from '../projection-run.ts';
import type { ReadModelStoreSource } from '../read-model-store-contract.ts';

/** What the tests of the runner share: each has a log and a store of its own. */
export interface RunnerSuite extends Recorder {
  readonly log: EventStore;
  readonly store: ReadModelStore;
  /** The runs of the test so far. */
  readonly runs: readonly Run[];
  /** Starts a run of crates and weighings, unless told otherwise; it ends with the test. */
  start(options?: Partial<ProjectionRunnerOptions>): Run;
  /** Starts one of several processes, which runs no share yet; it ends with the test. */
  startShared(options?: Partial<ProjectionRunnerOptions>): SharedRun;
  /** Until the run shows the log up to its head as of now. */
  headReached(run: Run, projections?: readonly Projection[]): Promise<void>;
  /** How far the store is with all of a model. */
  checkpoint(model: ReadModel): Promise<Position | undefined>;
  /** The store comes to hold what a plain fold of the log gives, up to its head. */
  expectPlainFold(...projections: readonly Projection[]): Promise<void>;
}

export function shareRunner(source: ReadModelStoreSource): RunnerSuite {
  let log: EventStore;
  let recorder: Recorder;
  let store: ReadModelStore;
  let runs: Run[];

  beforeEach(async () => {
    log = createMemoryEventStore();
    recorder = createRecorder(log);
    store = await source.open();
    runs = [];
  });
  afterEach(async () => {
    await Promise.all(runs.map((run) => run.end()));
    await store.close();
    await source.cleanUp?.();
  });

  return {
    get log() {
      return log;
    },
    get store() {
      return store;
    },
    get runs() {
      return runs;
    },
    record: (...args) => recorder.record(...args),
    recordTogether: (...args) => recorder.recordTogether(...args),
    start(options = {}) {
      const run = startRun({ reader: log, store, projections: [CRATES, WEIGHINGS], ...options });
      runs.push(run);
      return run;
    },
    startShared(options = {}) {
      const run = startSharedRun({ reader: log, store, projections: [CRATES, WEIGHINGS], ...options });
      runs.push(run);
      return run;
    },
    async headReached(run, projections = [CRATES, WEIGHINGS]) {
      const head = await log.head();
      if (head !== undefined) await Promise.all(projections.map(({ name }) => run.reached(name, head)));
    },
    checkpoint: (model) => leastCheckpoint(store, model),
    async expectPlainFold(...projections) {
      for (const projection of projections) {
        await store.prepare(projection);
        await expect
          .poll(() => leastCheckpoint(store, projection), { timeout: 5_000 })
          .toBe(await log.head());
        expect(await documentsOf(store, projection)).toEqual(await plainFold(log, projection));
      }
    },
  };
}

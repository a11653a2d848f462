import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EventSourcingError } from '../errors.ts';
import type { DomainEvent, Position, RecordedEvent } from '../event.ts';
import type { EventReader, EventStore } from '../event-store/event-store.ts';
import { createMemoryEventStore } from '../event-store/memory-event-store.ts';
import type { Projection } from '../projections/projection.ts';
import type { ProjectionRunnerOptions } from '../projections/projection-runner.ts';
import type { ReadModelStore } from '../projections/read-model-store.ts';
import { arrived, CRATES, createRecorder, left, type Recorder, WEIGHINGS, weighed } from './crates.ts';
import { documentsOf, inPagesOf, plainFold, type Run, startRun } from './projection-run.ts';
import type { ReadModelStoreSource } from './read-model-store-contract.ts';

/** What the projection runner does on top of a store that passes the contract. */
export function projectionRunnerSuite(name: string, source: ReadModelStoreSource): void {
  describe(`projection runner: ${name}`, () => {
    let log: EventStore;
    let record: Recorder['record'];
    let store: ReadModelStore;
    let runs: Run[];

    beforeEach(async () => {
      log = createMemoryEventStore();
      record = createRecorder(log).record;
      store = await source.open();
      runs = [];
    });
    afterEach(async () => {
      await Promise.all(runs.map((run) => run.end()));
      await store.close();
      await source.cleanUp?.();
    });

    function start(options: Partial<ProjectionRunnerOptions> = {}): Run {
      const run = startRun({ reader: log, store, projections: [CRATES, WEIGHINGS], ...options });
      runs.push(run);
      return run;
    }

    async function headReached(
      run: Run,
      projections: readonly Projection[] = [CRATES, WEIGHINGS],
    ): Promise<void> {
      const head = await log.head();
      if (head !== undefined) await Promise.all(projections.map(({ name }) => run.reached(name, head)));
    }

    async function expectPlainFold(...projections: readonly Projection[]): Promise<void> {
      for (const projection of projections) {
        await store.prepare(projection);
        expect(await documentsOf(store, projection)).toEqual(await plainFold(log, projection));
        expect(await store.checkpoint(projection)).toBe(await log.head());
      }
    }

    test('folds what is in the log, then what is appended', async () => {
      await record('crate-a', arrived('ann'), weighed(5n));
      const run = start();
      await headReached(run);
      expect(await store.get(CRATES, 'a')).toMatchObject({
        revision: 1,
        fields: { owner: 'ann', grams: 5n },
      });
      await record('crate-a', weighed(7n));
      await record('crate-b', arrived('bob'));
      await headReached(run);
      expect(await store.get(CRATES, 'a')).toMatchObject({
        revision: 2,
        fields: { grams: 12n, weighings: 2 },
      });
      await expectPlainFold(CRATES, WEIGHINGS);
    });

    test('waits at an empty log for its first event', async () => {
      const run = start();
      await record('crate-a', arrived('ann'));
      await headReached(run);
      await expectPlainFold(CRATES, WEIGHINGS);
    });

    test('moves its checkpoint over events that are not its own', async () => {
      await record('crate-a', arrived('ann'));
      const run = start();
      await headReached(run);
      await record('pallet-1', { type: 'PalletBuilt', data: {} });
      await headReached(run);
      await expectPlainFold(CRATES, WEIGHINGS);
    });

    test('deletes, leaves what is deleted alone, and makes it anew', async () => {
      await record('crate-a', arrived('ann'), weighed(1n), left());
      const run = start();
      await headReached(run);
      expect(await store.get(CRATES, 'a')).toBeUndefined();
      await record('crate-a', weighed(2n));
      await headReached(run);
      expect(await store.get(CRATES, 'a')).toBeUndefined();
      await record('crate-a', arrived('bob'), weighed(3n));
      await headReached(run);
      expect(await store.get(CRATES, 'a')).toMatchObject({
        revision: 5,
        fields: { owner: 'bob', grams: 3n },
      });
      await expectPlainFold(CRATES, WEIGHINGS);
    });

    test('makes anew, while it follows, what an earlier run has deleted', async () => {
      await record('crate-a', arrived('ann'), left());
      const first = start();
      await headReached(first);
      await first.end();
      const second = start();
      await headReached(second);
      await record('crate-a', arrived('bob'), weighed(3n));
      await headReached(second);
      expect(second.stopped()).toEqual([]);
      await expectPlainFold(CRATES, WEIGHINGS);
    });

    test('makes anew, while it catches up, what an earlier run has deleted', async () => {
      await record('crate-a', arrived('ann'), left());
      const first = start();
      await headReached(first);
      await first.end();
      await record('crate-b', arrived('ann'));
      await record('crate-a', arrived('bob'), weighed(3n));
      await record('crate-c', arrived('ann'), weighed(4n));
      const second = start({ reader: inPagesOf(1, log), batchEvents: 2 });
      await headReached(second);
      expect(second.stopped()).toEqual([]);
      await expectPlainFold(CRATES, WEIGHINGS);
    });

    test('leaves out what a document has seen already, where it is ahead of its checkpoint', async () => {
      await record('crate-a', arrived('ann'), weighed(5n));
      await store.prepare(CRATES);
      const [document] = await plainFold(log, CRATES);
      const ahead = { id: 'a', from: undefined, revision: 1, fields: document?.fields };
      const epoch = await store.takeOver(CRATES);
      await store.apply(CRATES, { after: undefined, position: '0000000000000001', epoch, changes: [ahead] });
      await record('crate-a', weighed(7n));
      await headReached(start());
      await expectPlainFold(CRATES, WEIGHINGS);
    });

    test('goes on where it was after a restart, and applies nothing twice', async () => {
      await record('crate-a', arrived('ann'), weighed(5n));
      const first = start();
      await headReached(first);
      await first.end();
      await record('crate-a', weighed(6n));
      const evolved: string[] = [];
      const second = start({ projections: [watching(CRATES, evolved), WEIGHINGS] });
      await headReached(second);
      expect(evolved).toEqual(['crate-a@2']);
      await expectPlainFold(CRATES, WEIGHINGS);
    });

    test('brings up one that is behind by itself, and then all follow together', async () => {
      await record('crate-a', arrived('ann'), weighed(5n));
      const alone = start({ projections: [CRATES] });
      await headReached(alone, [CRATES]);
      await alone.end();
      await record('crate-b', arrived('bob'), weighed(6n));
      const run = start();
      await headReached(run);
      await record('crate-b', weighed(7n));
      await headReached(run);
      await expectPlainFold(CRATES, WEIGHINGS);
    });

    test('one that joins misses nothing of what came while the others were folding', async () => {
      await record('crate-a', arrived('ann'));
      await record('crate-b', arrived('bob'));
      const alone = start({ projections: [CRATES] });
      await headReached(alone, [CRATES]);
      await alone.end();
      const [loading, loadedB] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const [caughtUp, writable] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const slow: ReadModelStore = {
        ...store,
        async load(model, ids) {
          if (model.name === 'crates' && ids.includes('b')) {
            loading.resolve();
            await loadedB.promise;
          }
          return store.load(model, ids);
        },
        async apply(model, batch) {
          if (model.name === 'weighings') {
            caughtUp.resolve();
            await writable.promise;
          }
          await store.apply(model, batch);
        },
      };
      const run = start({ store: slow });
      await caughtUp.promise;
      await record('crate-a', weighed(1n));
      await headReached(run, [CRATES]);
      await record('crate-b', weighed(2n));
      await loading.promise;
      writable.resolve();
      await new Promise((resolve) => setTimeout(resolve, 20));
      loadedB.resolve();
      await headReached(run);
      expect(run.stopped()).toEqual([]);
      await expectPlainFold(CRATES, WEIGHINGS);
    });

    test('writes what it has folded before it is read on from elsewhere, also where the log is quiet then', async () => {
      await record('crate-a', arrived('ann'));
      const alone = start({ projections: [CRATES] });
      await headReached(alone, [CRATES]);
      await alone.end();
      const [caughtUp, writable] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const slow: ReadModelStore = {
        ...store,
        async apply(model, batch) {
          if (model.name === 'weighings') {
            caughtUp.resolve();
            await writable.promise;
          }
          await store.apply(model, batch);
        },
      };
      const run = start({ store: slow, fillTime: 600_000 });
      await caughtUp.promise;
      await record('crate-a', ...Array.from({ length: 300 }, () => weighed(1n)));
      await new Promise((resolve) => setTimeout(resolve, 20));
      writable.resolve();
      await headReached(run, [CRATES]);
      expect(await store.checkpoint(CRATES)).toBe(await log.head());
    });

    test('writes each document once in a batch, and no batch past its size', async () => {
      await Promise.all(
        ['a', 'b', 'c'].map((id) =>
          record(`crate-${id}`, arrived('ann'), ...Array.from({ length: 9 }, () => weighed(1n))),
        ),
      );
      const batches: number[] = [];
      const counting: ReadModelStore = {
        ...store,
        apply: async (model, batch) => {
          if (model.name === 'crates') batches.push(batch.changes.length);
          await store.apply(model, batch);
        },
      };
      const run = start({ store: counting });
      await headReached(run);
      expect(batches).toEqual([3]);
      await expectPlainFold(CRATES, WEIGHINGS);
    });

    test('lets batches fill while the log is busy, and still comes to its end', async () => {
      const batches: Position[] = [];
      const counting: ReadModelStore = {
        ...store,
        apply: async (model, batch) => {
          if (model.name === 'crates') batches.push(batch.position);
          await store.apply(model, batch);
        },
      };
      const run = start({ store: counting, fillTime: 400 });
      await record('crate-a', arrived('ann'));
      await headReached(run);
      for (let i = 0; i < 20; i++) {
        await record('crate-a', ...Array.from({ length: 300 }, () => weighed(1n)));
        await new Promise(setImmediate);
      }
      await headReached(run);
      expect(batches.length).toBeLessThan(10);
      await expectPlainFold(CRATES, WEIGHINGS);
    });

    test('applies at once what comes while the log is quiet', async () => {
      const run = start({ fillTime: 600_000 });
      for (let i = 0; i < 5; i++) {
        await record(`crate-${i}`, arrived('ann'));
        await headReached(run);
      }
      await expectPlainFold(CRATES, WEIGHINGS);
    });

    describe('when an event cannot be projected', () => {
      const failing: Projection = {
        ...CRATES,
        evolve: (fields, event) => {
          if (event.stream === 'crate-bad' && event.revision === 1) throw new Error('out of paper');
          return CRATES.evolve(fields, event);
        },
      };

      test('stops that projection with the reason, and the others go on', async () => {
        await record('crate-a', arrived('ann'), weighed(1n));
        await record('crate-bad', arrived('bob'), weighed(2n));
        await record('crate-c', arrived('cyd'), weighed(3n));
        const run = start({ projections: [failing, WEIGHINGS] });
        await headReached(run, [WEIGHINGS]);
        await record('crate-c', weighed(4n));
        await headReached(run, [WEIGHINGS]);
        expect(run.stopped()).toEqual([
          [
            'crates',
            expect.objectContaining({ message: 'The event crate-bad@1 cannot be projected: out of paper.' }),
          ],
        ]);
        await expectPlainFold(WEIGHINGS);
      });

      test('has applied every event before it and none after', async () => {
        await record('crate-a', arrived('ann'), weighed(1n));
        await record('crate-bad', arrived('bob'), weighed(2n));
        await record('crate-c', arrived('cyd'));
        const run = start({ projections: [failing] });
        await run.finished;
        expect((await store.find(CRATES, { limit: 9 })).documents).toMatchObject([
          { id: 'a', revision: 1 },
          { id: 'bad', revision: 0 },
        ]);
        expect(await store.checkpoint(CRATES)).toBe('0000000000000003');
      });

      test('goes on from there when the next start can project it', async () => {
        await record('crate-bad', arrived('bob'), weighed(2n));
        await start({ projections: [failing] }).finished;
        const run = start({ projections: [CRATES] });
        await headReached(run, [CRATES]);
        await expectPlainFold(CRATES);
      });

      test.each([
        [
          'an event type that it does not know',
          { type: 'CrateBurned', data: {} },
          /crates does not know .*CrateBurned/,
        ],
        ['no document where there must be one', weighed(1n), /finds no document in crates, and CrateWeighed/],
      ] satisfies readonly (readonly [string, DomainEvent, RegExp])[])(
        'stops for %s',
        async (_, event, message) => {
          await record('crate-a', event);
          const run = start({ projections: [CRATES] });
          await run.finished;
          expect(run.stopped()).toEqual([
            ['crates', expect.objectContaining({ message: expect.stringMatching(message) })],
          ]);
          expect(run.stopped()[0]?.[1]).toMatchObject({ message: expect.stringContaining('crate-a@0') });
        },
      );

      test.each([
        ['of one page', 100],
        ['of several pages', 1],
      ])(
        'stops for an event whose predecessor in its stream has not come, in the events %s',
        async (_, size) => {
          const gappy = (events: readonly RecordedEvent[]): readonly RecordedEvent[] =>
            events.filter(({ stream, revision }) => stream !== 'crate-b' || revision !== 2);
          const reader: EventReader = {
            ...log,
            async *readAll(options) {
              for await (const page of log.readAll(options)) yield { ...page, events: gappy(page.events) };
            },
          };
          await record('crate-a', arrived('ann'), weighed(1n));
          await record('crate-b', arrived('bob'), weighed(2n), weighed(3n), weighed(4n));
          const run = start({ reader: inPagesOf(size, reader) });
          await run.finished;
          expect(run.stopped()).toEqual(
            ['crates', 'weighings'].map((projection) => [
              projection,
              expect.objectContaining({
                code: 'store-damaged',
                message: expect.stringMatching(/^The event crate-b@3 cannot be projected: .*crate-b@1/),
              }),
            ]),
          );
          expect(await store.get(CRATES, 'b')).toMatchObject({ revision: 1, fields: { grams: 2n } });
          expect(await store.get(CRATES, 'a')).toMatchObject({ revision: 1 });
        },
      );

      test('stops for a document that the store refuses', async () => {
        await record('crate-a', arrived('ann'));
        const run = start({ projections: [{ ...CRATES, evolve: () => ({ owner: 7n }) }, WEIGHINGS] });
        await headReached(run, [WEIGHINGS]);
        expect(run.stopped()).toMatchObject([['crates', { code: 'document-refused' }]]);
        expect(await store.checkpoint(CRATES)).toBeUndefined();
      });
    });

    describe('when the store is out of reach', () => {
      test.each(['store-unavailable', 'storage-full'] as const)(
        'tries again after %s, in order and without end',
        async (code) => {
          const retries: number[] = [];
          let failures = 0;
          const flaky: ReadModelStore = {
            ...store,
            load: (model, ids) => failNow() ?? store.load(model, ids),
            apply: (model, batch) => failNow() ?? store.apply(model, batch),
          };
          const failNow = (): Promise<never> | undefined =>
            failures++ % 7 < 6 ? Promise.reject(new EventSourcingError(code, 'not now')) : undefined;
          const run = start({
            store: flaky,
            retryDelays: [1, 2],
            onRetry: (_, attempt) => retries.push(attempt),
          });
          await record('crate-a', arrived('ann'), weighed(1n));
          await record('crate-b', arrived('bob'), weighed(2n));
          await headReached(run);
          expect(run.stopped()).toEqual([]);
          expect(retries.slice(0, 6)).toEqual([1, 2, 3, 4, 5, 6]);
          await expectPlainFold(CRATES, WEIGHINGS);
        },
      );

      test('takes a batch that was applied although its answer was lost for applied', async () => {
        let lost = false;
        const forgetful: ReadModelStore = {
          ...store,
          async apply(model, batch) {
            await store.apply(model, batch);
            if (lost) return;
            lost = true;
            throw new EventSourcingError('store-unavailable', 'the line was cut');
          },
        };
        await record('crate-a', arrived('ann'), weighed(1n));
        const run = start({ store: forgetful, retryDelays: [1, 2] });
        await headReached(run);
        await record('crate-a', weighed(2n));
        await headReached(run);
        expect(run.stopped()).toEqual([]);
        await expectPlainFold(CRATES, WEIGHINGS);
      });

      test('ends at once when it is told to while it waits', async () => {
        await record('crate-a', arrived('ann'));
        const gone: ReadModelStore = {
          ...store,
          apply: () => Promise.reject(new EventSourcingError('store-unavailable', 'gone')),
        };
        const tried = Promise.withResolvers<void>();
        const run = start({ store: gone, retryDelays: [60_000, 60_000], onRetry: () => tried.resolve() });
        await tried.promise;
        await run.end();
        expect(run.stopped()).toEqual([]);
      });
    });

    describe('when the log is out of reach', () => {
      test('tries again', async () => {
        let failures = 0;
        const fails = (): boolean => failures++ < 3;
        const flaky = {
          ...log,
          async *readAll(options: Parameters<EventStore['readAll']>[0]) {
            if (fails()) throw new EventSourcingError('store-unavailable', 'no log');
            yield* log.readAll(options);
          },
          async *subscribe(options: Parameters<EventStore['subscribe']>[0]) {
            if (failures++ < 6) throw new EventSourcingError('store-unavailable', 'no log');
            yield* log.subscribe(options);
          },
        };
        await record('crate-a', arrived('ann'));
        const run = start({ reader: flaky, retryDelays: [1, 2] });
        await headReached(run);
        await record('crate-a', weighed(1n));
        await headReached(run);
        await expectPlainFold(CRATES, WEIGHINGS);
      });

      test('follows it again when a subscription breaks off while a batch is being written', async () => {
        let broken = false;
        const breaking: EventReader = {
          ...log,
          async *subscribe(options) {
            for await (const message of log.subscribe(options)) {
              yield message;
              if (broken || message.kind !== 'page') continue;
              broken = true;
              throw new EventSourcingError('store-unavailable', 'no log');
            }
          },
        };
        const slow: ReadModelStore = {
          ...store,
          async apply(model, batch) {
            await new Promise((resolve) => setTimeout(resolve, 5));
            await store.apply(model, batch);
          },
        };
        const run = start({ reader: breaking, store: slow, retryDelays: [1, 2] });
        await headReached(run);
        for (let i = 0; i < 3; i++) {
          await record(`crate-${i}`, arrived('ann'), weighed(1n));
          await headReached(run);
        }
        expect(broken).toBe(true);
        await expectPlainFold(CRATES, WEIGHINGS);
      });

      test('writes what it has folded when a subscription breaks off, also where the log is quiet then', async () => {
        let broken = false;
        const breaking: EventReader = {
          ...log,
          async *subscribe(options) {
            for await (const message of log.subscribe(options)) {
              yield message;
              if (broken || message.kind !== 'page') continue;
              broken = true;
              throw new EventSourcingError('store-unavailable', 'no log');
            }
          },
        };
        await record('crate-a', arrived('ann'));
        const run = start({ reader: breaking, fillTime: 600_000, retryDelays: [1, 2] });
        await headReached(run);
        await record('crate-a', ...Array.from({ length: 300 }, () => weighed(1n)));
        await headReached(run);
        expect(broken).toBe(true);
        await expectPlainFold(CRATES, WEIGHINGS);
      });

      test('stops all projections with the reason where the log is damaged', async () => {
        const damaged = {
          ...log,
          readAll() {
            throw new EventSourcingError('store-damaged', 'event 7 is not what was written');
          },
        };
        const run = start({ reader: damaged });
        await run.finished;
        expect(run.stopped()).toMatchObject([
          ['crates', { code: 'store-damaged' }],
          ['weighings', { code: 'store-damaged' }],
        ]);
      });
    });

    describe('when another one takes over', () => {
      test('stops as displaced, and nothing is applied twice', async () => {
        await record('crate-a', arrived('ann'), weighed(1n));
        const first = start();
        await headReached(first);
        const second = start();
        await headReached(second);
        await record('crate-a', weighed(2n));
        await headReached(second);
        await first.finished;
        expect(first.stopped()).toMatchObject([
          ['crates', { code: 'displaced' }],
          ['weighings', { code: 'displaced' }],
        ]);
        expect(second.stopped()).toEqual([]);
        await record('crate-b', arrived('bob'), weighed(3n));
        await headReached(second);
        await expectPlainFold(CRATES, WEIGHINGS);
      });

      test('stops all that it runs where one is displaced: the other owner means to run them all', async () => {
        const run = start();
        await record('crate-a', arrived('ann'));
        await headReached(run);
        await store.takeOver(CRATES);
        await record('crate-a', weighed(1n));
        await run.finished;
        expect(run.stopped()).toMatchObject([
          ['crates', { code: 'displaced' }],
          ['weighings', { code: 'displaced' }],
        ]);
      });

      test('is right however often it happens, at any moment', async () => {
        for (let id = 0; id < 20; id++) {
          await record(`crate-${id % 4}`, ...(id < 4 ? [arrived('ann')] : []), weighed(1n));
          start({ batchEvents: 3 });
          await new Promise((resolve) => setTimeout(resolve, id % 3));
        }
        const last = runs.at(-1);
        if (last) await headReached(last);
        await expectPlainFold(CRATES, WEIGHINGS);
      });
    });
  });
}

function watching(projection: Projection, evolved: string[]): Projection {
  return {
    ...projection,
    evolve: (fields, event) => {
      evolved.push(`${event.stream}@${event.revision}`);
      return projection.evolve(fields, event);
    },
  };
}

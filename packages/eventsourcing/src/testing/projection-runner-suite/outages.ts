import { describe, expect, test } from 'vitest';
import { EventSourcingError } from '../../errors.ts';
import type { EventReader, EventStore } from '../../event-store/event-store.ts';
import type { ReadModelStore } from '../../projections/read-model-store.ts';
import { arrived, CRATES, WEIGHINGS, weighed } from '../crates.ts';
import type { RunnerSuite } from './runner-suite.ts';

/** Stores and logs out of reach. */
export function outagesSuite(suite: RunnerSuite): void {
  const { expectPlainFold, headReached, record, start } = suite;

  describe('when the store is out of reach', () => {
    test.each(['store-unavailable', 'storage-full'] as const)(
      'tries again after %s, in order and without end',
      async (code) => {
        const retries: number[] = [];
        const failures = new Map<string, number>();
        const flaky: ReadModelStore = {
          ...suite.store,
          load: (model, ids) => failNow(`load ${model.name}`) ?? suite.store.load(model, ids),
          apply: (model, batch) =>
            failNow(`${model.name} ${batch.partition}`) ?? suite.store.apply(model, batch),
        };
        const failNow = (who: string): Promise<never> | undefined => {
          const before = failures.get(who) ?? 0;
          failures.set(who, before + 1);
          return before % 7 < 6 ? Promise.reject(new EventSourcingError(code, 'not now')) : undefined;
        };
        const run = start({
          store: flaky,
          retryDelays: [1, 40],
          onRetry: (_, attempt) => retries.push(attempt),
        });
        await record('crate-a', arrived('ann'), weighed(1n));
        await record('crate-b', arrived('bob'), weighed(2n));
        await headReached(run);
        expect(run.stopped()).toEqual([]);
        for (const attempt of [1, 2, 3, 4, 5, 6])
          expect(retries.filter((each) => each === attempt).length).toBeGreaterThan(1);
        expect(retries).not.toContain(7);
        await expectPlainFold(CRATES, WEIGHINGS);
      },
    );

    test('takes a batch that was applied although its answer was lost for applied', async () => {
      let lost = false;
      const forgetful: ReadModelStore = {
        ...suite.store,
        async apply(model, batch) {
          await suite.store.apply(model, batch);
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
        ...suite.store,
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
      const flaky = {
        ...suite.log,
        async *readAll(options: Parameters<EventStore['readAll']>[0]) {
          if (failures++ < 3) throw new EventSourcingError('store-unavailable', 'no log');
          yield* suite.log.readAll(options);
        },
        async *subscribe(options: Parameters<EventStore['subscribe']>[0]) {
          if (failures++ < 6) throw new EventSourcingError('store-unavailable', 'no log');
          yield* suite.log.subscribe(options);
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
      const { reader, isBroken } = breakingOff(suite.log);
      const slow: ReadModelStore = {
        ...suite.store,
        async apply(model, batch) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          await suite.store.apply(model, batch);
        },
      };
      const run = start({ reader, store: slow, retryDelays: [1, 2] });
      await headReached(run);
      for (let i = 0; i < 3; i++) {
        await record(`crate-${i}`, arrived('ann'), weighed(1n));
        await headReached(run);
      }
      expect(isBroken()).toBe(true);
      await expectPlainFold(CRATES, WEIGHINGS);
    });

    test('writes what it has folded when a subscription breaks off, also where the log is quiet then', async () => {
      const { reader, isBroken } = breakingOff(suite.log);
      await record('crate-a', arrived('ann'));
      const run = start({ reader, fillTime: 600_000, retryDelays: [1, 2] });
      await headReached(run);
      await record('crate-a', ...Array.from({ length: 300 }, () => weighed(1n)));
      await headReached(run);
      expect(isBroken()).toBe(true);
      await expectPlainFold(CRATES, WEIGHINGS);
    });

    test('stops all projections with the reason where the log is damaged', async () => {
      const damaged = {
        ...suite.log,
        readAll() {
          throw new EventSourcingError('store-damaged', 'event 7 is not what was written');
        },
      };
      const run = start({ reader: damaged });
      await run.finished;
      // Whichever is taken over first.
      expect(run.stopped().toSorted()).toMatchObject([
        ['crates', { code: 'store-damaged' }],
        ['weighings', { code: 'store-damaged' }],
      ]);
    });
  });
}

/** A log whose first subscription with events breaks off after one page. */
function breakingOff(log: EventReader): { readonly reader: EventReader; isBroken(): boolean } {
  let broken = false;
  const reader: EventReader = {
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
  return { reader, isBroken: () => broken };
}

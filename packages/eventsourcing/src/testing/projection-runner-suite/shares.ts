import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Batch, ReadModelStore } from '../../projections/read-model-store.ts';
import { arrived, CRATES, TOTALS, WEIGHINGS, weighed } from '../crates.ts';
import type { SharedRun } from '../projection-run.ts';
import type { RunnerSuite } from './runner-suite.ts';

const ALL = [CRATES, WEIGHINGS, TOTALS];
const IDS = [...'abcdefghij'];

/** The work of the projections divided among processes. */
export function sharesSuite(suite: RunnerSuite): void {
  const { expectPlainFold, record, startShared } = suite;

  const begin = (store: ReadModelStore = suite.store): SharedRun => startShared({ projections: ALL, store });

  async function happen(): Promise<void> {
    for (const id of IDS) await record(`crate-${id}`, arrived('ann'), weighed(1n));
  }

  async function weighAll(): Promise<void> {
    for (const id of IDS) await record(`crate-${id}`, weighed(1n));
  }

  test('processes that each run some show together what one would', async () => {
    await happen();
    const [first, second] = [begin(), begin()];
    void first.take('partition-0', 'totals');
    void second.take('partition-1', 'partition-2');
    await weighAll();
    await expectPlainFold(...ALL);
    expect([...first.stopped(), ...second.stopped()]).toEqual([]);
  });

  test('one moves to another process, again and again, while events come, and comes back', async () => {
    await happen();
    const [first, second] = [begin(), begin()];
    void first.take('partition-0', 'partition-1', 'partition-2', 'totals');
    for (let times = 0; times < 5; times++) {
      const [from, to] = times % 2 === 0 ? [first, second] : [second, first];
      await weighAll();
      await from.give('partition-1', 'totals');
      void to.take('partition-1', 'totals');
    }
    await weighAll();
    await expectPlainFold(...ALL);
    expect([...first.stopped(), ...second.stopped()]).toEqual([]);
    expect([...first.displaced, ...second.displaced]).toEqual([]);
  });

  test('one that another process takes over stops, and only that one', async () => {
    await happen();
    const [first, second] = [begin(), begin()];
    const ended = first.take('partition-1');
    void first.take('partition-0', 'partition-2', 'totals');
    await expectPlainFold(...ALL);
    void second.take('partition-1');
    await second.told('started', WEIGHINGS);
    await weighAll();
    await ended;
    expect(first.displaced).toEqual(['partition-1']);
    await weighAll();
    await expectPlainFold(...ALL);
    expect(second.stopped()).toEqual([]);
  });

  test('one that hangs in its store holds up no other that is left when it is ended', async () => {
    await happen();
    const hung = hangingIn(suite.store, ({ partition }) => partition === 1);
    const [first, second] = [begin(hung.store), begin()];
    void first.take('partition-0', 'partition-1', 'partition-2', 'totals');
    await hung.hanging;
    let given = false;
    const giving = first.give('partition-1').then(() => {
      given = true;
    });
    void second.take('partition-1');
    await weighAll();
    await expectPlainFold(...ALL);
    expect(given).toBe(false);
    hung.goOn();
    await giving;
    await weighAll();
    await expectPlainFold(...ALL);
    expect([...first.displaced, ...first.stopped(), ...second.stopped()]).toEqual([]);
  });

  test('one that is ended before it has started does not take anything over later', async () => {
    await happen();
    const taking = Promise.withResolvers<void>();
    const slow: ReadModelStore = {
      ...suite.store,
      async prepare(model) {
        await taking.promise;
        await suite.store.prepare(model);
      },
    };
    const [first, second] = [begin(slow), begin()];
    void first.take('partition-1');
    await sleep(5);
    const giving = first.give('partition-1');
    void second.take('partition-0', 'partition-1', 'partition-2', 'totals');
    await expectPlainFold(...ALL);
    taking.resolve();
    await giving;
    await sleep(20);
    await weighAll();
    await expectPlainFold(...ALL);
    expect(second.displaced).toEqual([]);
  });
}

/** A store that some batches hang in, until they go through. */
function hangingIn(store: ReadModelStore, hangs: (batch: Batch) => boolean) {
  const [hanging, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const hung: ReadModelStore = {
    ...store,
    async apply(model, batch) {
      if (hangs(batch) && batch.changes.length > 0) {
        hanging.resolve();
        await released.promise;
      }
      await store.apply(model, batch);
    },
  };
  return { store: hung, hanging: hanging.promise, goOn: () => released.resolve() };
}

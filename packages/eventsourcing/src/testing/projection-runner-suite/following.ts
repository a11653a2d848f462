import { expect, test } from 'vitest';
import type { Projection } from '../../projections/projection.ts';
import type { ReadModel, ReadModelStore } from '../../projections/read-model-store.ts';
import { arrived, CRATES, left, WEIGHINGS, weighed } from '../crates.ts';
import { inPagesOf, plainFold } from '../projection-run.ts';
import { holdingBack, keepingBatches } from './observed-stores.ts';
import type { RunnerSuite } from './runner-suite.ts';

/** Bringing read models up to the log and keeping them there. */
export function followingSuite(suite: RunnerSuite): void {
  const { expectPlainFold, headReached, record, start } = suite;

  test('folds what is in the log, then what is appended', async () => {
    await record('crate-a', arrived('ann'), weighed(5n));
    const run = start();
    await headReached(run);
    expect(await suite.store.get(CRATES, 'a')).toMatchObject({
      revision: 1,
      fields: { owner: 'ann', grams: 5n },
    });
    await record('crate-a', weighed(7n));
    await record('crate-b', arrived('bob'));
    await headReached(run);
    expect(await suite.store.get(CRATES, 'a')).toMatchObject({
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
    expect(await suite.store.get(CRATES, 'a')).toBeUndefined();
    await record('crate-a', weighed(2n));
    await headReached(run);
    expect(await suite.store.get(CRATES, 'a')).toBeUndefined();
    await record('crate-a', arrived('bob'), weighed(3n));
    await headReached(run);
    expect(await suite.store.get(CRATES, 'a')).toMatchObject({
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
    const second = start({ reader: inPagesOf(1, suite.log), batchEvents: 2 });
    await headReached(second);
    expect(second.stopped()).toEqual([]);
    await expectPlainFold(CRATES, WEIGHINGS);
  });

  test('leaves out what a document has seen already, where it is ahead of its checkpoint', async () => {
    await record('crate-a', arrived('ann'), weighed(5n));
    await suite.store.prepare(CRATES);
    const [document] = await plainFold(suite.log, CRATES);
    const ahead = { id: 'a', from: undefined, revision: 1, fields: document?.fields };
    const epoch = await suite.store.takeOver(CRATES, 0);
    await suite.store.apply(CRATES, {
      partition: 0,
      after: undefined,
      position: '0000000000000001',
      epoch,
      changes: [ahead],
    });
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
    const held = holdingBack(suite.store, isWeighings);
    const slow: ReadModelStore = {
      ...held.store,
      async load(model, ids) {
        if (model.name === 'crates' && ids.includes('b')) {
          loading.resolve();
          await loadedB.promise;
        }
        return suite.store.load(model, ids);
      },
    };
    const run = start({ store: slow });
    await held.holding;
    await record('crate-a', weighed(1n));
    await headReached(run, [CRATES]);
    await record('crate-b', weighed(2n));
    await loading.promise;
    held.release();
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
    const held = holdingBack(suite.store, isWeighings);
    const run = start({ store: held.store, fillTime: 600_000 });
    await held.holding;
    await record('crate-a', ...Array.from({ length: 300 }, () => weighed(1n)));
    await new Promise((resolve) => setTimeout(resolve, 20));
    held.release();
    await headReached(run, [CRATES]);
    expect(await suite.checkpoint(CRATES)).toBe(await suite.log.head());
  });

  test('writes each document once in a batch, and no batch past its size', async () => {
    await Promise.all(
      ['a', 'b', 'c'].map((id) =>
        record(`crate-${id}`, arrived('ann'), ...Array.from({ length: 9 }, () => weighed(1n))),
      ),
    );
    const { store, batches } = keepingBatches(suite.store, 'crates');
    const run = start({ store });
    await headReached(run);
    expect(batches.length).toBeLessThanOrEqual(suite.store.partitions);
    expect(batches.flatMap(({ changes }) => changes.map(({ id }) => id)).sort()).toEqual(['a', 'b', 'c']);
    await expectPlainFold(CRATES, WEIGHINGS);
  });

  test('lets batches fill while the log is busy, and still comes to its end', async () => {
    const { store, batches } = keepingBatches(suite.store, 'crates');
    const run = start({ store, fillTime: 400 });
    await record('crate-a', arrived('ann'));
    await headReached(run);
    for (let i = 0; i < 20; i++) {
      await record('crate-a', ...Array.from({ length: 300 }, () => weighed(1n)));
      await new Promise(setImmediate);
    }
    await headReached(run);
    expect(batches.filter(({ changes }) => changes.length > 0).length).toBeLessThan(10);
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
}

const isWeighings = ({ name }: ReadModel): boolean => name === WEIGHINGS.name;

function watching(projection: Projection, evolved: string[]): Projection {
  return {
    ...projection,
    evolve: (fields, event, documentId) => {
      evolved.push(`${event.stream}@${event.revision}`);
      return projection.evolve(fields, event, documentId);
    },
  };
}

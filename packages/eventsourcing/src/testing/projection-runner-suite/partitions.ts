import { expect, test } from 'vitest';
import { partitionOf } from '../../projections/partitions.ts';
import type { Projection } from '../../projections/projection.ts';
import { arrived, CRATES, WEIGHINGS, weighed } from '../crates.ts';
import { keepingBatches } from './observed-stores.ts';
import type { RunnerSuite } from './runner-suite.ts';

/** Projections whose streams are divided into three partitions, all in one process. */
export function partitionsSuite(suite: RunnerSuite): void {
  const { expectPlainFold, headReached, record, start } = suite;

  test('each folds the streams that are its own, and no other', async () => {
    const { store, batches } = keepingBatches(suite.store, 'crates');
    const run = start({ store });
    for (const id of 'abcdefghij') await record(`crate-${id}`, arrived('ann'), weighed(1n));
    await headReached(run);
    for (const { partition, changes } of batches)
      for (const { id } of changes) expect(partitionOf(`crate-${id}`, 3)).toBe(partition);
    expect(new Set(batches.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2]));
    await expectPlainFold(CRATES, WEIGHINGS);
  });

  test('those that nothing happens to come up to the end of the log too, without a write for each event', async () => {
    const { store, batches } = keepingBatches(suite.store, 'crates');
    await record('crate-a', arrived('ann'));
    const run = start({ store, checkpointInterval: 300 });
    await headReached(run);
    for (let times = 0; times < 50; times++) {
      await record('crate-a', weighed(1n));
      await headReached(run);
    }
    const idle = batches.filter(({ partition }) => partition !== partitionOf('crate-a', 3));
    expect(idle.length).toBeLessThan(10);
    expect(batches.length).toBeGreaterThan(50);
    await expectPlainFold(CRATES, WEIGHINGS);
  });

  test('one that cannot fold an event stops with the reason, and the others go on', async () => {
    const failing: Projection = {
      ...CRATES,
      evolve(fields, event, documentId) {
        if (event.stream === 'crate-bad') throw new Error('out of paper');
        return CRATES.evolve(fields, event, documentId);
      },
    };
    const bad = partitionOf('crate-bad', 3);
    const ids = [...'abcdefghij'];
    const others = ids.filter((id) => partitionOf(`crate-${id}`, 3) !== bad);
    await record('crate-bad', arrived('bob'));
    const run = start({ projections: [failing, WEIGHINGS] });
    await run.told('stopped', failing);
    for (const id of ids) await record(`crate-${id}`, arrived('ann'));
    await expect
      .poll(async () => [...(await suite.store.getMany(CRATES, ids)).keys()].sort())
      .toEqual(others);
    await headReached(run, [WEIGHINGS]);
    expect(run.progress.all().find(({ name }) => name === 'crates')?.partitions[bad]).toMatchObject({
      stopped: { event: 'crate-bad@0' },
    });
    await run.end();
    await headReached(start());
    await expectPlainFold(CRATES, WEIGHINGS);
  });
}

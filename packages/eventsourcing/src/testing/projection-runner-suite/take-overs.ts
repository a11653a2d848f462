import { expect, test } from 'vitest';
import { arrived, CRATES, WEIGHINGS, weighed } from '../crates.ts';
import type { RunnerSuite } from './runner-suite.ts';

/** More than one owner of the same read models. */
export function takeOversSuite(suite: RunnerSuite): void {
  const { expectPlainFold, headReached, record, start } = suite;

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
    await suite.store.takeOver(CRATES, 0);
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
    const last = suite.runs.at(-1);
    if (last) await headReached(last);
    await expectPlainFold(CRATES, WEIGHINGS);
  });
}

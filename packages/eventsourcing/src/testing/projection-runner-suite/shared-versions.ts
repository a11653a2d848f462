import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { arrived, CRATES, cratesVersion, weighed } from '../crates.ts';
import type { SharedRun } from '../projection-run.ts';
import type { RunnerSuite } from './runner-suite.ts';

const CRATES_V2 = cratesVersion(2);
const ALL = ['partition-0', 'partition-1', 'partition-2'];

/** A new version of a read model while old and new programs run side by side. */
export function sharedVersionsSuite(suite: RunnerSuite): void {
  const { expectPlainFold, record } = suite;

  const old = (): SharedRun => suite.startShared({ projections: [CRATES] });
  const anew = (keepPrevious = 60_000): SharedRun =>
    suite.startShared({ projections: [CRATES_V2], keepPrevious });
  const live = () => suite.store.liveVersion('crates');

  async function happen(times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      for (const id of 'abcdefgh') {
        if (time === 0 && (await suite.log.head()) === undefined) await record(`crate-${id}`, arrived('ann'));
        else await record(`crate-${id}`, ...(first.has(id) ? [] : [arrived('ann')]), weighed(1n));
        first.add(id);
      }
    }
  }
  const first = new Set<string>();

  async function liveV1(): Promise<SharedRun> {
    first.clear();
    await happen(2);
    const run = old();
    void run.take(...ALL);
    await expect.poll(live).toBe(1);
    return run;
  }

  test('the first one is live once all of its parts are filled, in whatever process, and each learns it', async () => {
    first.clear();
    await happen(2);
    const [one, other] = [old(), old()];
    void one.take('partition-0', 'partition-1');
    await one.told('moved', CRATES);
    await sleep(50);
    expect(await live()).toBeUndefined();
    void other.take('partition-2');
    await Promise.all([one.told('live', CRATES), other.told('live', CRATES)]);
    expect(await live()).toBe(1);
    await expectPlainFold(CRATES);
  });

  test('a new one is filled share by share as new programs take them, and both stay fed until it is live', async () => {
    const before = await liveV1();
    const after = anew();
    for (const share of ALL) {
      expect(await live()).toBe(1);
      await before.give(share);
      void after.take(share);
      await happen(1);
      await expectPlainFold(CRATES);
    }
    await expect.poll(live).toBe(2);
    await happen(1);
    await expectPlainFold(CRATES, CRATES_V2);
    expect([...before.stopped(), ...after.stopped()]).toEqual([]);
  });

  test('an old program that takes a share back, or starts meanwhile, drops nothing and loses nothing', async () => {
    const before = await liveV1();
    const after = anew();
    await before.give('partition-0', 'partition-1');
    void after.take('partition-0', 'partition-1');
    await after.told('moved', CRATES_V2);
    await after.give('partition-0');
    void old().take('partition-0');
    await happen(1);
    await expectPlainFold(CRATES);
    expect(await suite.store.versions('crates')).toEqual([1, 2]);
    expect(after.stopped()).toEqual([]);
  });

  test('the old one is dropped by one of them, and another that feeds it ends that without a word', async () => {
    const before = await liveV1();
    await before.end();
    const [quick, slow] = [anew(20), anew(60_000)];
    void slow.take('partition-2');
    void quick.take('partition-0', 'partition-1');
    await quick.told('dropped', CRATES);
    await happen(2);
    await expectPlainFold(CRATES_V2);
    expect(await suite.store.versions('crates')).toEqual(expect.arrayContaining([2]));
    expect([...quick.stopped(), ...slow.stopped()]).toEqual([]);
  });

  test('an older program has the last word again only where nobody feeds the newer version any more', async () => {
    const before = await liveV1();
    await before.end();
    const after = anew();
    void after.take(...ALL);
    await expect.poll(live).toBe(2);
    const back = old();
    await after.give('partition-0');
    void back.take('partition-0');
    await happen(1);
    await sleep(50);
    expect(await live()).toBe(2);
    await after.end();
    void back.take('partition-1', 'partition-2');
    await happen(1);
    await expect.poll(live, { timeout: 5_000 }).toBe(1);
    await expectPlainFold(CRATES);
    expect(back.stopped()).toEqual([]);
  });
}

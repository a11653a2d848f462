import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Projection } from '../../projections/projection.ts';
import type { ReadModelStore } from '../../projections/read-model-store.ts';
import { arrived, CRATES, cratesVersion, weighed } from '../crates.ts';
import { documentsOf, type Run } from '../projection-run.ts';
import { holdingBack } from './observed-stores.ts';
import type { RunnerSuite } from './runner-suite.ts';

const CRATES_V2 = cratesVersion(2);

/** A new version of a read model beside the one that is live. */
export function versionsSuite(suite: RunnerSuite): void {
  const { expectPlainFold, headReached, record, start } = suite;

  /** Version 1 is live and shows the log; its program has ended. */
  async function liveV1(): Promise<void> {
    await record('crate-a', arrived('ann'), weighed(1n));
    const run = start({ projections: [CRATES] });
    await run.told('live', CRATES);
    await run.end();
  }

  const holdingV2 = () => holdingBack(suite.store, ({ version }) => version === 2);

  const kindsOf = ({ news }: Run, { version }: Projection) => [
    ...new Set(news.filter((told) => told.version === version).map(({ kind }) => kind)),
  ];

  test('the first one is live once it shows the log as of its start, and not before', async () => {
    await record('crate-a', arrived('ann'));
    const held = holdingBack(suite.store, () => true);
    const run = start({ store: held.store, projections: [CRATES] });
    await held.holding;
    expect(await suite.store.liveVersion('crates')).toBeUndefined();
    expect(run.progress.live('crates')).toBeUndefined();
    held.release();
    await run.told('live', CRATES);
    expect(await suite.store.liveVersion('crates')).toBe(1);
    expect(kindsOf(run, CRATES)).toEqual(['started', 'moved', 'live']);
  });

  test('on an empty log the first one is live at once', async () => {
    const run = start({ projections: [CRATES] });
    await run.told('live', CRATES);
    expect(await suite.store.liveVersion('crates')).toBe(1);
  });

  test('after a restart it is live before it has caught up', async () => {
    await liveV1();
    await record('crate-a', weighed(2n));
    const run = start({ projections: [CRATES] });
    await headReached(run, [CRATES]);
    expect(kindsOf(run, CRATES)).toEqual(['live', 'started', 'moved']);
  });

  test('a new one is filled while the old one is served and fed, and takes its place when it is no less far', async () => {
    await liveV1();
    const held = holdingV2();
    const run = start({
      store: held.store,
      projections: [CRATES_V2],
      keepPrevious: 60_000,
    });
    await run.told('started', CRATES_V2);
    await record('crate-a', weighed(2n));
    await headReached(run, [CRATES]);
    expect(await suite.store.liveVersion('crates')).toBe(1);
    expect(run.progress.live('crates')).toMatchObject({ version: 1, position: await suite.log.head() });
    expect(await suite.store.get(CRATES, 'a')).toMatchObject({ fields: { grams: 3n } });
    held.release();
    await run.told('live', CRATES_V2);
    expect(await suite.store.liveVersion('crates')).toBe(2);
    expect(run.progress.live('crates')).toMatchObject({ version: 2, position: await suite.log.head() });
    await record('crate-a', weighed(4n));
    await expect.poll(() => suite.checkpoint(CRATES)).toBe(await suite.log.head());
    await expect.poll(() => suite.checkpoint(CRATES_V2)).toBe(await suite.log.head());
    await expectPlainFold(CRATES, CRATES_V2);
  });

  test('the old one is dropped a while after it was replaced, and the new one goes on', async () => {
    await liveV1();
    const run = start({ projections: [CRATES_V2], keepPrevious: 20 });
    await run.told('live', CRATES_V2);
    expect(await suite.store.versions('crates')).toEqual([1, 2]);
    await run.told('dropped', CRATES);
    expect(await suite.store.versions('crates')).toEqual([2]);
    await record('crate-a', weighed(4n));
    await headReached(run, [CRATES_V2]);
    expect(run.stopped()).toEqual([]);
    await expectPlainFold(CRATES_V2);
  });

  test('a run that ends while the old one is still kept leaves it to the next run, which drops it', async () => {
    await liveV1();
    const first = start({ projections: [CRATES_V2], keepPrevious: 60_000 });
    await first.told('live', CRATES_V2);
    await first.end();
    expect(await suite.store.versions('crates')).toEqual([1, 2]);
    await start({ projections: [CRATES_V2] }).told('dropped', CRATES);
    expect(await suite.store.versions('crates')).toEqual([2]);
    expect(await suite.store.liveVersion('crates')).toBe(2);
  });

  test('one that is not declared as previous stays as it is, live, until the new one is filled', async () => {
    await liveV1();
    const { previous, ...unrelated } = CRATES_V2;
    const held = holdingV2();
    const run = start({ store: held.store, projections: [unrelated] });
    await run.told('started', CRATES_V2);
    expect(await suite.store.liveVersion('crates')).toBe(1);
    expect(run.progress.live('crates')).toBeUndefined();
    held.release();
    await run.told('dropped', CRATES);
    expect(await suite.store.liveVersion('crates')).toBe(2);
    expect(await documentsOf(suite.store, CRATES_V2)).toHaveLength(1);
  });

  test('an older program fills its own version, and drops the newer one, as after any change', async () => {
    await liveV1();
    const newer = start({ projections: [CRATES_V2], keepPrevious: 0 });
    await newer.told('dropped', CRATES);
    await newer.end();
    await record('crate-a', weighed(2n));
    const older = start({ projections: [CRATES] });
    await older.told('dropped', CRATES_V2);
    expect(await suite.store.liveVersion('crates')).toBe(1);
    expect(await suite.store.versions('crates')).toEqual([1]);
    await expectPlainFold(CRATES);
  });

  test('the old one serves on where the new one cannot be filled', async () => {
    await liveV1();
    const broken: Projection = {
      ...CRATES_V2,
      evolve() {
        throw new Error('out of paper');
      },
    };
    const run = start({ projections: [broken] });
    await run.told('stopped', broken);
    await record('crate-a', weighed(2n));
    await headReached(run, [CRATES]);
    await expect.poll(() => suite.checkpoint(CRATES)).toBe(await suite.log.head());
    expect(run.progress.live('crates')).toMatchObject({ version: 1, stopped: undefined });
    expect(await suite.store.liveVersion('crates')).toBe(1);
  });

  test.each(['setLive', 'versions', 'drop', 'liveVersion'] as const)(
    'is filled and served also where the program dies in %s, before or after it took effect',
    async (step) => {
      await liveV1();
      for (const afterEffect of [false, true]) {
        const dying = start({
          store: dyingIn(suite.store, step, afterEffect),
          projections: [CRATES_V2],
          keepPrevious: 0,
        });
        await Promise.race([dying.told('stopped', CRATES_V2), dying.finished, sleep(200)]);
        await dying.end();
      }
      const run = start({ projections: [CRATES_V2], keepPrevious: 0 });
      await run.told('live', CRATES_V2);
      await expect.poll(() => suite.store.versions('crates')).toEqual([2]);
      await expectPlainFold(CRATES_V2);
    },
  );

  test('is refused where the previous version is none', async () => {
    const previous = { projection: CRATES_V2, upgraded: () => ({}) };
    const run = start({ projections: [{ ...CRATES_V2, previous }] });
    await run.finished;
    expect(run.stopped()).toMatchObject([['crates', { code: 'read-model-refused' }]]);
  });
}

type Step = 'setLive' | 'versions' | 'drop' | 'liveVersion';

/** A store whose user dies in one of its steps. */
function dyingIn(store: ReadModelStore, step: Step, afterEffect: boolean): ReadModelStore {
  const die = async (effect: () => Promise<unknown>): Promise<never> => {
    if (afterEffect) await effect();
    throw new Error('crashed');
  };
  return {
    ...store,
    ...(step === 'setLive' && { setLive: (model) => die(() => store.setLive(model)) }),
    ...(step === 'versions' && { versions: (name) => die(() => store.versions(name)) }),
    ...(step === 'drop' && { drop: (model) => die(() => store.drop(model)) }),
    ...(step === 'liveVersion' && { liveVersion: (name) => die(() => store.liveVersion(name)) }),
  };
}

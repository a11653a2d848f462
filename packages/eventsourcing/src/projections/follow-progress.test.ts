import { afterEach, beforeEach, expect, test } from 'vitest';
import { EventSourcingError } from '../errors.ts';
import { createMemoryEventStore } from '../event-store/memory-event-store.ts';
import { CRATES, cratesVersion, WEIGHINGS } from '../testing/crates.ts';
import { type FollowProgressOptions, followProgress } from './follow-progress.ts';
import { createMemoryReadModelStore } from './memory-read-model-store.ts';
import { partitionOf } from './partitions.ts';
import { createProgress, type Progress } from './progress.ts';
import type { Projection } from './projection.ts';
import type { ReadModelStore } from './read-model-store.ts';
import { waitUntil } from './wait-until.ts';

const CRATES_V2 = cratesVersion(2);

let store: ReadModelStore;
let progress: Progress;
let ending: AbortController;
let following: Promise<void>;
let checkpoints: Map<string, string>;

beforeEach(() => {
  store = createMemoryReadModelStore({ partitions: 2 });
  progress = createProgress();
  ending = new AbortController();
  checkpoints = new Map();
});
afterEach(async () => {
  ending.abort();
  await following;
});

function follow(projections: readonly Projection[], options: Partial<FollowProgressOptions> = {}): void {
  const log = createMemoryEventStore();
  const { signal } = ending;
  following = followProgress({ reader: store, log, projections, progress, signal, ...options });
}

/** What some other process writes. */
async function move(model: Projection, partition: number, position: string): Promise<void> {
  await store.prepare(model);
  const key = `${model.version} ${partition}`;
  const epoch = await store.takeOver(model, partition);
  await store.apply(model, { partition, after: checkpoints.get(key), position, epoch, changes: [] });
  checkpoints.set(key, position);
}

async function fill(model: Projection, position: string): Promise<void> {
  for (const partition of [0, 1]) await move(model, partition, position);
  await store.setLive(model);
}

test('tells which version is live, and how far each of its partitions is', async () => {
  follow([CRATES]);
  await expect.poll(() => progress.all()).toMatchObject([{ name: 'crates', live: false }]);
  await fill(CRATES, '3');
  await move(CRATES, 1, '5');
  await expect.poll(() => progress.live('crates')).toMatchObject({ version: 1, position: '3' });
  expect(progress.live('crates')?.partitions.map(({ position }) => position)).toEqual(['3', '5']);
});

test('looks at once and quickly while somebody waits, and slowly while nobody does', async () => {
  let looks = 0;
  const counting = {
    liveVersion: store.liveVersion,
    checkpoints: (model: Projection) => {
      looks++;
      return store.checkpoints(model);
    },
  };
  await fill(CRATES, '3');
  follow([CRATES], { reader: counting, intervals: [5, 60_000] });
  await expect.poll(() => progress.live('crates')).toBeDefined();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(looks).toBe(1);
  const waiting = waitUntil(progress, [CRATES], '4', 5_000);
  await move(CRATES, 0, '4');
  await move(CRATES, 1, '4');
  await waiting;
  expect(looks).toBeLessThan(20);
});

test('does not ask the log each time while a read model is not live', async () => {
  let heads = 0;
  let looks = 0;
  const log = { head: async () => `${++heads}` };
  const reader = {
    ...store,
    async liveVersion() {
      looks++;
      return undefined;
    },
  };
  follow([CRATES], { reader, log, intervals: [5, 5] });
  await expect.poll(() => looks).toBeGreaterThan(5);
  expect(heads).toBe(1);
});

test('a query of one stream waits for its partition only', async () => {
  await fill(CRATES, '3');
  follow([CRATES]);
  const index = partitionOf('crate-a', 2);
  await move(CRATES, index, '4');
  await waitUntil(progress, [CRATES], '4', 5_000, 'crate-a');
  await expect(waitUntil(progress, [CRATES], '4', 5)).rejects.toMatchObject({ code: 'read-model-behind' });
  await expect(waitUntil(progress, [CRATES], '4', 5, 'pallet-a')).rejects.toMatchObject({
    code: 'read-model-behind',
  });
});

test('changes to another version when that is live, and to one that it does not know', async () => {
  await fill(CRATES, '3');
  follow([CRATES_V2], { intervals: [5, 5] });
  await expect.poll(() => progress.live('crates')).toMatchObject({ version: 1, position: '3' });
  await fill(CRATES_V2, '4');
  await expect.poll(() => progress.live('crates')).toMatchObject({ version: 2, position: '4' });
  await fill(cratesVersion(3), '5');
  await expect.poll(() => progress.live('crates')).toMatchObject({ version: 3, position: undefined });
});

test('says that a read model waits while the store is away, goes on by itself, and says so', async () => {
  let isAway = false;
  const retries: number[] = [];
  const flaky: FollowProgressOptions['reader'] = {
    liveVersion: store.liveVersion,
    async checkpoints(model) {
      if (isAway) throw new EventSourcingError('store-unavailable', 'no line');
      return store.checkpoints(model);
    },
  };
  await fill(CRATES, '3');
  follow([CRATES], { reader: flaky, intervals: [5, 5], onRetry: (_, attempt) => retries.push(attempt) });
  await expect.poll(() => progress.live('crates')).toMatchObject({ position: '3', waiting: undefined });
  isAway = true;
  await expect
    .poll(() => progress.live('crates'))
    .toMatchObject({ position: '3', waiting: { code: 'store-unavailable' } });
  await expect.poll(() => retries.length).toBeGreaterThan(2);
  isAway = false;
  await expect.poll(() => progress.live('crates')).toMatchObject({ position: '3', waiting: undefined });
  expect(retries.slice(0, 3)).toEqual([1, 2, 3]);
});

test('one that hangs holds up no other', async () => {
  await fill(CRATES, '3');
  const hanging: FollowProgressOptions['reader'] = {
    liveVersion: (name) => (name === 'weighings' ? new Promise(() => undefined) : store.liveVersion(name)),
    checkpoints: store.checkpoints,
  };
  follow([WEIGHINGS, CRATES], { reader: hanging });
  await expect.poll(() => progress.live('crates')).toMatchObject({ position: '3' });
});

test('one that was lost is not live any more, and what is filled again starts from where it is', async () => {
  await fill(CRATES, '3');
  let isLost = false;
  const losing: FollowProgressOptions['reader'] = {
    liveVersion: async (name) => (isLost ? undefined : store.liveVersion(name)),
    checkpoints: async (model) => (checkpoints.size === 0 ? ['1', undefined] : store.checkpoints(model)),
  };
  follow([CRATES], { reader: losing, intervals: [5, 5] });
  await expect.poll(() => progress.live('crates')).toMatchObject({ position: '3' });
  isLost = true;
  const log = createMemoryEventStore();
  expect(await log.head()).toBeUndefined();
  await expect.poll(() => progress.all()[0]).toMatchObject({ position: undefined });
  isLost = false;
  checkpoints.clear();
  await expect
    .poll(() => progress.live('crates')?.partitions.map(({ position }) => position))
    .toEqual(['1', undefined]);
});

test('what has stopped in this process is still said to have stopped after an outage, until somebody moves it', async () => {
  let away = false;
  const reader = {
    ...store,
    async checkpoints(...model: Parameters<ReadModelStore['checkpoints']>) {
      if (away) throw new EventSourcingError('store-unavailable', 'It is away.');
      return store.checkpoints(...model);
    },
  };
  await fill(CRATES, '3');
  follow([CRATES], { reader, intervals: [1, 1] });
  await expect.poll(() => progress.live('crates')?.position).toBe('3');
  const stopped = { code: 'unknown-event-type', event: 'crate-1@4', message: 'It is not known.' };
  progress.tell({
    kind: 'stopped',
    name: 'crates',
    version: 1,
    partition: { index: 1, of: 2 },
    reason: stopped,
  });

  away = true;
  await expect.poll(() => progress.live('crates')?.waiting).toBeDefined();
  away = false;
  await expect.poll(() => progress.live('crates')?.partitions[0]?.waiting).toBeUndefined();
  expect(progress.live('crates')?.stopped).toEqual(stopped);
  await move(CRATES, 1, '7');
  await expect.poll(() => progress.live('crates')?.stopped).toBeUndefined();
});

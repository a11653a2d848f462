import { describe, expect, test } from 'vitest';
import { createProgress, stopReason } from './progress.ts';

const V1 = { name: 'crates', version: 1 };
const V2 = { name: 'crates', version: 2 };
const REASON = { code: 'store-damaged', event: undefined, message: 'broken' };

test('tells of each version how far it is and why it stopped', () => {
  const progress = createProgress();
  progress.tell({ kind: 'started', ...V1, position: '7', target: '9' });
  progress.tell({ kind: 'stopped', ...V2, reason: REASON });
  expect(progress.all()).toMatchObject([
    { ...V1, position: '7', target: '9', live: false, stopped: undefined },
    { ...V2, position: undefined, target: undefined, live: false, stopped: REASON },
  ]);
});

test('knows which version is live: none at first, and never two', () => {
  const progress = createProgress();
  progress.tell({ kind: 'moved', ...V1, position: '7' });
  expect(progress.live('crates')).toBeUndefined();
  progress.tell({ kind: 'live', ...V1 });
  progress.tell({ kind: 'moved', ...V1, position: '8' });
  expect(progress.live('crates')).toMatchObject({ ...V1, position: '8' });
  progress.tell({ kind: 'started', ...V2, position: undefined, target: '8' });
  expect(progress.live('crates')).toMatchObject(V1);
  progress.tell({ kind: 'live', ...V2 });
  expect(progress.live('crates')).toMatchObject({ ...V2, target: undefined });
  expect(progress.all().map(({ live }) => live)).toEqual([false, true]);
});

test('forgets a version that is dropped', () => {
  const progress = createProgress();
  progress.tell({ kind: 'moved', ...V1, position: '7' });
  progress.tell({ kind: 'live', ...V2 });
  progress.tell({ kind: 'dropped', ...V1 });
  expect(progress.all()).toMatchObject([V2]);
});

test('says that one runs again as soon as it has started or moved, and still answers queries from it', () => {
  const progress = createProgress();
  progress.tell({ kind: 'live', ...V1 });
  progress.tell({ kind: 'stopped', ...V1, reason: REASON });
  expect(progress.live('crates')).toMatchObject({ stopped: REASON });
  progress.tell({ kind: 'started', ...V1, position: '7', target: undefined });
  expect(progress.live('crates')).toMatchObject({ position: '7', stopped: undefined });
  progress.tell({ kind: 'stopped', ...V1, reason: REASON });
  progress.tell({ kind: 'moved', ...V1, position: '8' });
  expect(progress.live('crates')).toMatchObject({ position: '8', stopped: undefined });
});

test('says that one waits for its store until it has moved, started again or stopped', () => {
  const progress = createProgress();
  const waiting = { code: 'storage-full', event: undefined, message: 'no room' };
  const after = [
    { kind: 'moved', position: '8' },
    { kind: 'started', position: '8', target: undefined },
    { kind: 'stopped', reason: REASON },
  ] as const;
  for (const news of after) {
    progress.tell({ kind: 'live', ...V1 });
    progress.tell({ kind: 'waiting', ...V1, reason: waiting });
    expect(progress.live('crates')).toMatchObject({ waiting, stopped: undefined });
    progress.tell({ ...V1, ...news });
    expect(progress.live('crates')).toMatchObject({ waiting: undefined });
  }
});

test('gives the code of an error as the reason to stop, and none that could hold data', () => {
  const coded = Object.assign(new Error('for Ann'), { code: 'insufficient-funds', event: 'crate-a@1' });
  expect(stopReason(coded)).toEqual({ code: 'insufficient-funds', event: 'crate-a@1', message: 'for Ann' });
  expect(stopReason(Object.assign(new Error('x'), { code: 'for Ann' })).code).toBe('projection-failed');
  expect(stopReason('for Ann')).toEqual({ code: 'projection-failed', event: undefined, message: 'for Ann' });
});

test('a version that was live and has to be filled again is not live until it says so', () => {
  const progress = createProgress();
  progress.tell({ kind: 'live', ...V1 });
  progress.tell({ kind: 'started', ...V1, position: undefined, target: '7' });
  expect(progress.live('crates')).toBeUndefined();
  progress.tell({ kind: 'live', ...V1 });
  expect(progress.live('crates')).toMatchObject({ version: 1, live: true });
});

describe('partitions', () => {
  const part = (index: number) => ({ partition: { index, of: 3 } });

  test('a version is as far as the one that is least far, and not anywhere before all have been heard of', () => {
    const progress = createProgress();
    progress.tell({ kind: 'live', ...V1 });
    progress.tell({ kind: 'moved', ...V1, ...part(2), position: '9' });
    progress.tell({ kind: 'moved', ...V1, ...part(0), position: '7' });
    expect(progress.live('crates')).toMatchObject({ position: undefined });
    progress.tell({ kind: 'moved', ...V1, ...part(1), position: '8' });
    expect(progress.live('crates')).toMatchObject({ position: '7' });
    expect(progress.live('crates')?.partitions.map(({ position }) => position)).toEqual(['7', '8', '9']);
  });

  test('a version has stopped, or waits, where one of them has or does, and runs again with that one', () => {
    const progress = createProgress();
    progress.tell({ kind: 'stopped', ...V1, ...part(1), reason: REASON });
    progress.tell({ kind: 'waiting', ...V1, ...part(2), reason: REASON });
    progress.tell({ kind: 'moved', ...V1, ...part(0), position: '7' });
    expect(progress.all()).toMatchObject([{ stopped: REASON, waiting: REASON }]);
    progress.tell({ kind: 'moved', ...V1, ...part(1), position: '7' });
    progress.tell({ kind: 'moved', ...V1, ...part(2), position: '7' });
    expect(progress.all()).toMatchObject([{ stopped: undefined, waiting: undefined }]);
  });

  test('news that name none are of all', () => {
    const progress = createProgress();
    progress.tell({ kind: 'moved', ...V1, ...part(1), position: '7' });
    progress.tell({ kind: 'stopped', ...V1, reason: REASON });
    expect(progress.all()[0]?.partitions.map(({ stopped }) => stopped)).toEqual([REASON, REASON, REASON]);
  });
});

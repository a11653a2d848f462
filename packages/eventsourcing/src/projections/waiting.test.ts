import { describe, expect, test } from 'vitest';
import { createProgress, waitUntil } from './waiting.ts';

const CRATES = { name: 'crates' };
const WEIGHINGS = { name: 'weighings' };

describe('progress of projections', () => {
  test('says that one runs again as soon as it does, at the position where it was', () => {
    const progress = createProgress();
    progress.moved('crates', '1');
    progress.stopped('crates', 'broken');
    progress.stopped('weighings', 'broken');
    progress.running('crates');
    progress.running('weighings');
    expect(progress.of('crates')).toEqual({ position: '1', stopped: undefined });
    expect(progress.of('weighings')).toEqual({ position: undefined, stopped: undefined });
  });
});

describe('waiting for read models', () => {
  test('is over at once where they are there already', async () => {
    const progress = createProgress();
    progress.moved('crates', '0000000000000005');
    await waitUntil(progress, [CRATES], '0000000000000005', 0);
    await waitUntil(progress, [CRATES], '0000000000000004', 0);
    await waitUntil(progress, [], '0000000000000009', 0);
  });

  test('is over when the last of them is there', async () => {
    const progress = createProgress();
    progress.moved('crates', '1');
    const waiting = waitUntil(progress, [CRATES, WEIGHINGS], '3', 1_000);
    let over = false;
    void waiting.then(() => {
      over = true;
    });
    progress.moved('weighings', '3');
    progress.moved('crates', '2');
    await Promise.resolve();
    expect(over).toBe(false);
    progress.moved('crates', '4');
    await waiting;
  });

  test('ends with read-model-behind when the time is up', async () => {
    const progress = createProgress();
    progress.moved('crates', '1');
    await expect(waitUntil(progress, [CRATES], '2', 5)).rejects.toMatchObject({
      code: 'read-model-behind',
      message: expect.stringContaining('crates'),
    });
  });

  test('shares its time among all that are behind', async () => {
    const started = performance.now();
    const progress = createProgress();
    const waiting = waitUntil(progress, [CRATES, WEIGHINGS], '2', 60);
    setTimeout(() => progress.moved('crates', '2'), 30);
    await expect(waiting).rejects.toMatchObject({ code: 'read-model-behind' });
    expect(performance.now() - started).toBeLessThan(88);
  });

  test('ends at once, naming it, where one that is behind has stopped', async () => {
    const progress = createProgress();
    progress.moved('crates', '1');
    progress.stopped('crates', 'out of paper');
    const stopped = {
      code: 'projection-stopped',
      projection: 'crates',
      message: expect.stringContaining('out of paper'),
    };
    await expect(waitUntil(progress, [WEIGHINGS, CRATES], '2', 60_000)).rejects.toMatchObject(stopped);
  });

  test('ends when one stops meanwhile', async () => {
    const progress = createProgress();
    const waiting = waitUntil(progress, [CRATES], '2', 60_000);
    progress.stopped('crates', 'out of paper');
    await expect(waiting).rejects.toMatchObject({ code: 'projection-stopped' });
  });

  test('needs nothing more of one that came far enough before it stopped', async () => {
    const progress = createProgress();
    progress.moved('crates', '2');
    progress.stopped('crates', 'out of paper');
    await waitUntil(progress, [CRATES], '2', 0);
  });

  test('leaves nothing behind that is called later', async () => {
    const progress = createProgress();
    let watched = 0;
    const counting = {
      ...progress,
      watch: (name: string, changed: () => void) => {
        watched++;
        const unwatch = progress.watch(name, changed);
        return () => {
          watched--;
          unwatch();
        };
      },
    };
    await expect(waitUntil(counting, [CRATES], '2', 1)).rejects.toThrow();
    const waiting = waitUntil(counting, [CRATES], '2', 1_000);
    progress.moved('crates', '2');
    await waiting;
    expect(watched).toBe(0);
  });
});

describe('progress', () => {
  test('tells of each projection how far it is and why it stopped', () => {
    const progress = createProgress();
    expect(progress.of('crates')).toEqual({ position: undefined, stopped: undefined });
    progress.moved('crates', '7');
    progress.stopped('weighings', 'out of paper');
    expect(Object.fromEntries(progress.all())).toEqual({
      crates: { position: '7', stopped: undefined },
      weighings: { position: undefined, stopped: 'out of paper' },
    });
  });

  test('takes one that moves again for running', () => {
    const progress = createProgress();
    progress.stopped('crates', 'out of paper');
    progress.moved('crates', '8');
    expect(progress.of('crates')).toEqual({ position: '8', stopped: undefined });
  });
});

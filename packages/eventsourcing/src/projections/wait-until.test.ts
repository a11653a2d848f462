import { describe, expect, test } from 'vitest';
import { createProgress, type Progress } from './progress.ts';
import { waitUntil } from './wait-until.ts';

const CRATES = { name: 'crates', version: 1 };
const WEIGHINGS = { name: 'weighings', version: 1 };

/** Progress where version 1 of both is live, at no position yet. */
function live(): Progress {
  const progress = createProgress();
  for (const model of [CRATES, WEIGHINGS]) progress.tell({ kind: 'live', ...model });
  return progress;
}

function move(progress: Progress, name: string, position: string, version = 1): void {
  progress.tell({ kind: 'moved', name, version, position });
}

function stop(progress: Progress, name: string, message: string, version = 1): void {
  progress.tell({ kind: 'stopped', name, version, reason: { code: 'out', event: undefined, message } });
}

describe('waiting for read models', () => {
  test('is over at once where they are there already', async () => {
    const progress = live();
    move(progress, 'crates', '0000000000000005');
    await waitUntil(progress, [CRATES], '0000000000000005', 0);
    await waitUntil(progress, [CRATES], '0000000000000004', 0);
    await waitUntil(progress, [], '0000000000000009', 0);
  });

  test('is over when the last of them is there', async () => {
    const progress = live();
    move(progress, 'crates', '1');
    const waiting = waitUntil(progress, [CRATES, WEIGHINGS], '3', 1_000);
    let over = false;
    void waiting.then(() => {
      over = true;
    });
    move(progress, 'weighings', '3');
    move(progress, 'crates', '2');
    await Promise.resolve();
    expect(over).toBe(false);
    move(progress, 'crates', '4');
    await waiting;
  });

  test('ends with read-model-behind when the time is up', async () => {
    const progress = live();
    move(progress, 'crates', '1');
    await expect(waitUntil(progress, [CRATES], '2', 5)).rejects.toMatchObject({
      code: 'read-model-behind',
      message: expect.stringContaining('crates'),
    });
  });

  test('shares its time among all that are behind', async () => {
    const started = performance.now();
    const progress = live();
    const waiting = waitUntil(progress, [CRATES, WEIGHINGS], '2', 60);
    setTimeout(() => move(progress, 'crates', '2'), 30);
    await expect(waiting).rejects.toMatchObject({ code: 'read-model-behind' });
    expect(performance.now() - started).toBeLessThan(88);
  });

  test('ends at once, naming it, where one that is behind has stopped', async () => {
    const progress = live();
    move(progress, 'crates', '1');
    stop(progress, 'crates', 'out of paper');
    const stopped = {
      code: 'projection-stopped',
      projection: 'crates',
      message: expect.stringContaining('out of paper'),
    };
    await expect(waitUntil(progress, [WEIGHINGS, CRATES], '2', 60_000)).rejects.toMatchObject(stopped);
  });

  test('ends when one stops meanwhile', async () => {
    const progress = live();
    const waiting = waitUntil(progress, [CRATES], '2', 60_000);
    stop(progress, 'crates', 'out of paper');
    await expect(waiting).rejects.toMatchObject({ code: 'projection-stopped' });
  });

  test('needs nothing more of one that came far enough before it stopped', async () => {
    const progress = live();
    move(progress, 'crates', '2');
    stop(progress, 'crates', 'out of paper');
    await waitUntil(progress, [CRATES], '2', 0);
  });

  test('leaves nothing behind that is called later', async () => {
    const progress = live();
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
    move(progress, 'crates', '2');
    await waiting;
    expect(watched).toBe(0);
  });

  test('waits for the version that is live, not for one that is filled beside it', async () => {
    const progress = live();
    move(progress, 'crates', '3', 2);
    await expect(waitUntil(progress, [CRATES], '3', 1)).rejects.toMatchObject({ code: 'read-model-behind' });
    stop(progress, 'crates', 'out of paper', 2);
    await expect(waitUntil(progress, [CRATES], '3', 1)).rejects.toMatchObject({ code: 'read-model-behind' });
    const waiting = waitUntil(progress, [CRATES], '3', 60_000);
    progress.tell({ kind: 'live', name: 'crates', version: 2 });
    await waiting;
  });

  test('waits for a first version to become live', async () => {
    const progress = createProgress();
    move(progress, 'crates', '3');
    await expect(waitUntil(progress, [CRATES], '2', 1)).rejects.toMatchObject({ code: 'read-model-behind' });
    const waiting = waitUntil(progress, [CRATES], '2', 60_000);
    progress.tell({ kind: 'live', ...CRATES });
    await waiting;
  });

  test('ends where none is live and the last one has stopped', async () => {
    const progress = createProgress();
    const waiting = waitUntil(progress, [CRATES], '2', 60_000);
    stop(progress, 'crates', 'out of paper');
    await expect(waiting).rejects.toMatchObject({ code: 'projection-stopped' });
  });
});

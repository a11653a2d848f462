import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { createHeadSignal } from './head-signal.ts';

/** Whether a promise is settled once everything that is due has run. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.finally(() => {
    done = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

test('who waits after a position that the head has passed goes on at once', async () => {
  const head = createHeadSignal();
  head.moved('0002');
  expect(await settled(head.wait('0001', undefined))).toBe(true);
  expect(await settled(head.wait(undefined, undefined))).toBe(true);
});

test('who waits at the head goes on when it moves', async () => {
  const head = createHeadSignal();
  head.moved('0002');
  const waits = head.wait('0002', undefined);
  expect(await settled(waits)).toBe(false);
  head.moved('0003');
  expect(await settled(waits)).toBe(true);
});

test('who waits on an empty log goes on with its first event', async () => {
  const head = createHeadSignal();
  const waits = head.wait(undefined, undefined);
  expect(await settled(waits)).toBe(false);
  head.moved('0001');
  expect(await settled(waits)).toBe(true);
});

test('aborting wakes only the one who waits with that signal', async () => {
  const head = createHeadSignal();
  const ending = new AbortController();
  const aborted = head.wait(undefined, ending.signal);
  const other = head.wait(undefined, undefined);
  ending.abort();
  expect(await settled(aborted)).toBe(true);
  expect(await settled(other)).toBe(false);
});

test('a long-lived signal gathers no listeners', async () => {
  const head = createHeadSignal();
  const { signal } = new AbortController();
  for (const position of ['1', '2', '3']) {
    const waits = head.wait(undefined, signal);
    head.moved(position);
    await waits;
  }
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('closing fails those who wait and those who come later, but not those who have ended', async () => {
  const head = createHeadSignal();
  const waits = expect(head.wait(undefined, undefined)).rejects.toMatchObject({ code: 'store-unavailable' });
  head.close();
  await waits;
  await expect(head.wait(undefined, undefined)).rejects.toMatchObject({ code: 'store-unavailable' });
  await expect(head.wait(undefined, AbortSignal.abort())).resolves.toBeUndefined();
});

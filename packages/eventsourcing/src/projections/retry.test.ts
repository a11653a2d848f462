import { describe, expect, test } from 'vitest';
import { EventSourcingError } from '../errors.ts';
import { retried } from './retry.ts';

const QUICK = { signal: new AbortController().signal, firstDelay: 1, longestDelay: 4 };
const unavailable = new EventSourcingError('store-unavailable', 'not now');

describe('retrying', () => {
  test('repeats what is out of reach until it succeeds, and says so each time', async () => {
    const told: number[] = [];
    const result = await retried(
      async (attempt) => {
        if (attempt < 9) throw unavailable;
        return attempt;
      },
      { ...QUICK, onRetry: (_, attempt) => told.push(attempt) },
    );
    expect(result).toBe(9);
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('passes on what will not change', async () => {
    let attempts = 0;
    const work = async (): Promise<never> => {
      attempts++;
      throw new EventSourcingError('displaced', 'gone');
    };
    await expect(retried(work, QUICK)).rejects.toMatchObject({ code: 'displaced' });
    expect(attempts).toBe(1);
  });

  test('waits longer each time, half of it by chance, and never past the longest', async () => {
    const times: number[] = [];
    await retried(
      async (attempt) => {
        times.push(performance.now());
        if (attempt < 6) throw unavailable;
      },
      { ...QUICK, firstDelay: 8, longestDelay: 32 },
    );
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    for (const [index, least] of [4, 8, 16, 16, 16].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(least - 2);
    }
  });

  test('counts anew after what went well for long', async () => {
    const told: number[] = [];
    await retried(
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 8));
        if (told.length < 3) throw unavailable;
      },
      { ...QUICK, onRetry: (_, attempt) => told.push(attempt) },
    );
    expect(told).toEqual([1, 1, 1]);
  });

  test('ends in the middle of a wait when it is told to', async () => {
    const ending = new AbortController();
    const options = { signal: ending.signal, firstDelay: 60_000, longestDelay: 60_000 };
    const waiting = retried(() => Promise.reject(unavailable), { ...options, onRetry: () => ending.abort() });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

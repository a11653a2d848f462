import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

const refused = () => new Error('too many');

describe('turns', () => {
  it('let so many work at once, and the others in their order', async () => {
    const { take } = createTurns({ most: 2, mostWaiting: 10, refused });
    const ends = new Map<string, () => void>();
    const work = (name: string) => () =>
      new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
    const done = ['a', 'b', 'c', 'd'].map((name) => take(work(name)));
    await setImmediate();
    expect([...ends.keys()]).toEqual(['a', 'b']);
    ends.get('b')?.();
    await setImmediate();
    expect([...ends.keys()]).toEqual(['a', 'b', 'c']);
    for (const name of ['a', 'c']) ends.get(name)?.();
    await setImmediate();
    ends.get('d')?.();
    expect(await Promise.all(done)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('go on after work that failed', async () => {
    const { take } = createTurns({ most: 1, mostWaiting: 1, refused });
    const failing = take(() => Promise.reject(new Error('no')));
    const next = take(async () => 'next');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('next');
    expect(await take(async () => 'again')).toBe('again');
  });

  it('refuse who would wait behind too many', async () => {
    const { take } = createTurns({ most: 1, mostWaiting: 1, refused });
    const all = [1, 2, 3].map((each) => take(() => setImmediate(each)));
    expect(await Promise.allSettled(all)).toMatchObject([
      { value: 1 },
      { value: 2 },
      { reason: { message: 'too many' } },
    ]);
  });
});

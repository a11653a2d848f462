import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

const refused = () => new Error('too many');
const bounds = { patience: 60_000, refused };

describe('turns', () => {
  it('let so many work at once, and the others in their order', async () => {
    const { take } = createTurns({ most: 2, mostWaiting: 10, ...bounds });
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
    const { take } = createTurns({ most: 1, mostWaiting: 1, ...bounds });
    const failing = take(() => Promise.reject(new Error('no')));
    const next = take(async () => 'next');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('next');
    expect(await take(async () => 'again')).toBe('again');
  });

  it('refuse who would wait behind too many', async () => {
    const { take } = createTurns({ most: 1, mostWaiting: 1, ...bounds });
    const all = [1, 2, 3].map((each) => take(() => setImmediate(each)));
    expect(await Promise.allSettled(all)).toMatchObject([
      { value: 1 },
      { value: 2 },
      { reason: { message: 'too many' } },
    ]);
  });

  it('refuse who has waited too long, who then takes none any more', async () => {
    const { take } = createTurns({ most: 1, mostWaiting: 9, patience: 20, refused });
    let end = () => {};
    const first = take(
      () =>
        new Promise<void>((resolve) => {
          end = resolve;
        }),
    );
    let wasDone = false;
    const late = take(async () => {
      wasDone = true;
    });
    await expect(late).rejects.toThrow('too many');
    end();
    await first;
    expect(await take(async () => 'next')).toBe('next');
    expect(wasDone).toBe(false);
  });
});

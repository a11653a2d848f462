import { describe, expect, it } from 'vitest';
import { createRecentCache } from './recent-cache.ts';

describe('a recent cache', () => {
  it('gives what was set last, and nothing for a deleted name', () => {
    const cache = createRecentCache<number>(10);
    cache.set('a', 1);
    cache.set('a', 2);
    expect(cache.get('a')).toBe(2);
    cache.delete('a');
    expect(cache.get('a')).toBeUndefined();
  });

  it('does not bring an older value back', () => {
    const cache = createRecentCache<number>(4);
    cache.set('a', 1);
    cache.set('b', 1);
    cache.set('a', 2);
    for (const name of ['c', 'd', 'e']) {
      cache.set(name, 1);
      expect(cache.get('a')).toBe(2);
    }
    cache.delete('a');
    expect(cache.get('a')).toBeUndefined();
  });

  it('keeps what is in use and never more than its places', () => {
    const cache = createRecentCache<number>(100);
    cache.set('used', 0);
    for (let at = 0; at < 1_000; at++) {
      cache.set(String(at), at);
      expect(cache.get('used')).toBe(0);
    }
    const kept = Array.from({ length: 1_000 }, (_, at) => at).filter(
      (at) => cache.get(String(at)) !== undefined,
    );
    expect(kept.length).toBeLessThanOrEqual(100);
    expect(kept.at(-1)).toBe(999);
  });

  it('of no places keeps nothing for long', () => {
    const cache = createRecentCache<number>(0);
    cache.set('a', 1);
    cache.set('b', 1);
    expect(cache.get('a')).toBeUndefined();
  });

  it('of a weight keeps what is in use and never more than its room', () => {
    const cache = createRecentCache<string>(1_000, (text) => text.length);
    cache.set('used', 'x'.repeat(10));
    const names = Array.from({ length: 500 }, (_, at) => String(at));
    for (const name of names) {
      cache.set(name, 'x'.repeat(1 + (Number(name) % 100)));
      expect(cache.get('used')).toBeDefined();
    }
    const kept = names.flatMap((name) => cache.get(name) ?? []);
    expect(kept.join('').length).toBeLessThanOrEqual(1_000);
    expect(kept.length).toBeGreaterThan(3);
  });

  it('counts a value that is set again once', () => {
    const cache = createRecentCache<string>(1_000, (text) => text.length);
    cache.set('other', 'x'.repeat(300));
    for (let at = 0; at < 100; at++) cache.set('same', 'x'.repeat(at));
    expect(cache.get('other')).toBeDefined();
  });

  it('does not keep what takes more than half of its room, nor an older value of it', () => {
    const cache = createRecentCache<string>(100, (text) => text.length);
    cache.set('small', 'x');
    cache.set('a', 'x'.repeat(50));
    cache.set('a', 'x'.repeat(51));
    expect(cache.get('a')).toBeUndefined();
    expect(cache.get('small')).toBe('x');
  });
});

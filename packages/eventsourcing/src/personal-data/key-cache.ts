import type { KeyObject } from 'node:crypto';

/** A subject's key, or that it is destroyed. */
export type CachedKey = KeyObject | 'destroyed';

/** The keys of the subjects that were last in use, a bounded number of them (each takes about 0.5 KB). */
export interface KeyCache {
  get(subject: string): CachedKey | undefined;
  set(subject: string, key: CachedKey): void;
}

export function createKeyCache(maxKeys: number): KeyCache {
  // A map is in the order of insertion: what is used moves to its end, what is at its beginning is dropped.
  const keys = new Map<string, CachedKey>();

  function set(subject: string, key: CachedKey): void {
    keys.delete(subject);
    keys.set(subject, key);
    if (keys.size <= maxKeys) return;
    const oldest = keys.keys().next();
    if (!oldest.done) keys.delete(oldest.value);
  }

  return {
    set,
    get(subject) {
      const key = keys.get(subject);
      if (key !== undefined) set(subject, key);
      return key;
    },
  };
}

/** Values by name, the longest unused dropped. */
export interface RecentCache<Value> {
  get(name: string): Value | undefined;
  set(name: string, value: Value): void;
  delete(name: string): void;
}

/**
 * Two generations instead of an exact order of use, since that would rewrite a map at every look: what is used moves to
 * the young one, and when half of the places are young, the old one is dropped. What was among the last
 * `maxEntries / 2` names in use is there; more than `maxEntries` never are.
 */
export function createRecentCache<Value>(maxEntries: number): RecentCache<Value> {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();

  function set(name: string, value: Value): void {
    young.set(name, value);
    if (young.size * 2 < maxEntries) return;
    old = young;
    young = new Map();
  }

  return {
    set,
    get(name) {
      const value = young.get(name);
      if (value !== undefined) return value;
      const older = old.get(name);
      if (older !== undefined) set(name, older);
      return older;
    },
    delete(name) {
      young.delete(name);
      old.delete(name);
    },
  };
}

/** Values by name, the longest unused dropped. */
export interface RecentCache<Value> {
  get(name: string): Value | undefined;
  set(name: string, value: Value): void;
  delete(name: string): void;
}

interface Kept<Value> {
  readonly value: Value;
  readonly weight: number;
}

/**
 * Two generations instead of an exact order of use, since that would rewrite a map at every look: what is used moves to
 * the young one, and when half of the room is young, the old one is dropped. What was among the last `room / 2` in use
 * is there; more than `room` never is, so that what alone takes more than half of it is not kept at all.
 *
 * @param room - how much is kept, in what `weigh` gives; without it, as many values
 * @param weigh - what a value takes; it may stop counting past the second parameter
 */
export function createRecentCache<Value>(
  room: number,
  weigh: (value: Value, most: number) => number = () => 1,
): RecentCache<Value> {
  const half = room / 2;
  let young = new Map<string, Kept<Value>>();
  let old = new Map<string, Kept<Value>>();
  let weight = 0;

  function keep(name: string, kept: Kept<Value>): void {
    weight += kept.weight - (young.get(name)?.weight ?? 0);
    young.set(name, kept);
    if (weight < half) return;
    if (weight > half) {
      // It would be more than half: the others grow old without it.
      young.delete(name);
      old = young;
      young = new Map([[name, kept]]);
      weight = kept.weight;
      return;
    }
    old = young;
    young = new Map();
    weight = 0;
  }

  function forget(name: string): void {
    weight -= young.get(name)?.weight ?? 0;
    young.delete(name);
    old.delete(name);
  }

  return {
    get(name) {
      const kept = young.get(name);
      if (kept !== undefined) return kept.value;
      const older = old.get(name);
      if (older !== undefined) keep(name, older);
      return older?.value;
    },
    set(name, value) {
      const kept = { value, weight: weigh(value, half) };
      if (kept.weight > half) forget(name);
      else keep(name, kept);
    },
    delete: forget,
  };
}

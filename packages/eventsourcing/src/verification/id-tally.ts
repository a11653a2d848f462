/**
 * What is known of a large set of ids in 32 KB: how many there are, and in each of 4,096 parts of it a number and a sum.
 * Two sets that differ are told apart by it, and only the parts that differ have to be looked at.
 */
export interface IdTally {
  add(id: string): void;
  remove(id: string): void;
  count(): number;
  /** The parts in which the other one holds other ids, some at most. */
  differences(other: IdTally, most: number): ReadonlySet<number>;
  part(part: number): readonly [count: number, sum: number];
}

const PARTS = 4_096;

export function createIdTally(): IdTally {
  const counts = new Int32Array(PARTS);
  const sums = new Int32Array(PARTS);
  let count = 0;
  function put(id: string, sign: 1 | -1): void {
    const hash = hashOf(id);
    const part = hash & (PARTS - 1);
    counts[part] = (counts[part] ?? 0) + sign;
    sums[part] = (sums[part] ?? 0) + sign * hash;
    count += sign;
  }
  const partOf = (part: number): readonly [number, number] => [counts[part] ?? 0, sums[part] ?? 0];
  return {
    add: (id) => put(id, 1),
    remove: (id) => put(id, -1),
    count: () => count,
    differences(other, most) {
      const found = new Set<number>();
      for (let part = 0; part < PARTS && found.size < most; part++) {
        const [ours, theirs] = [partOf(part), other.part(part)];
        if (ours[0] !== theirs[0] || ours[1] !== theirs[1]) found.add(part);
      }
      return found;
    },
    part: partOf,
  };
}

/** The part of a tally that an id belongs to. */
export function tallyPart(id: string): number {
  return hashOf(id) & (PARTS - 1);
}

/** FNV-1a, by UTF-16 units, its upper bits mixed into the lower. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 15);
}

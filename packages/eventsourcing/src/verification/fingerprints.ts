/**
 * A set of many names, by 64 bits of each: two of ten million names share them once in 400,000 such sets. Between 11 and
 * 23 bytes a name.
 */
export interface Fingerprints {
  /** Whether it was new. Two halves of 32 bits, each evenly spread. */
  add(low: number, high: number): boolean;
}

const FULLEST = 0.7;

/** @param expected - how many names it makes room for at once; it grows */
export function createFingerprints(expected: number): Fingerprints {
  let table = createTable(expected);
  let size = 0;
  return {
    add(low, high) {
      if (size >= table.capacity * FULLEST) table = grown(table);
      // No name has the fingerprint of an empty place.
      const added = put(table, low, low === 0 && high === 0 ? 1 : high);
      if (added) size++;
      return added;
    },
  };
}

interface Table {
  readonly capacity: number;
  readonly lows: Uint32Array;
  readonly highs: Uint32Array;
}

function createTable(expected: number): Table {
  const capacity = 2 ** Math.ceil(Math.log2(Math.max(1024, (expected + 1) / FULLEST)));
  return { capacity, lows: new Uint32Array(capacity), highs: new Uint32Array(capacity) };
}

function put({ capacity, lows, highs }: Table, low: number, high: number): boolean {
  const [l, h] = [low >>> 0, high >>> 0];
  let place = l & (capacity - 1);
  while (lows[place] !== 0 || highs[place] !== 0) {
    if (lows[place] === l && highs[place] === h) return false;
    place = (place + 1) & (capacity - 1);
  }
  lows[place] = l;
  highs[place] = h;
  return true;
}

function grown(table: Table): Table {
  const larger = createTable(table.capacity);
  for (let place = 0; place < table.capacity; place++) {
    const [low = 0, high = 0] = [table.lows[place], table.highs[place]];
    if (low !== 0 || high !== 0) put(larger, low, high);
  }
  return larger;
}

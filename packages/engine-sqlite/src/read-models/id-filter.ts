/**
 * Says in which runs an id may be, without a look into them: nearly every document is new, and a look for it would read a
 * page of each run. A Bloom filter for each run; a word holds the same bit of 32 of them, so that they are asked at once.
 * With 16 bits and 4 probes for each id, one new id in 400 costs a look into a run.
 */
export interface IdFilter {
  add(run: number, id: string): void;
  /** The runs that may hold it, the newest first. */
  runsOf(id: string): readonly number[];
  /** The bits of a run, to be stored. */
  bitsOf(run: number): Uint8Array;
  /** Stored bits of a run; false where they are of another size and nothing was done. */
  restore(run: number, bits: Uint8Array): boolean;
}

const BITS_PER_ID = 16;
const PROBES = 4;
const RUNS_PER_WORD = 32;

/** @param ids how many there are in a run */
export function createIdFilter(ids: number): IdFilter {
  const size = 2 ** Math.ceil(Math.log2(Math.max(8, ids * BITS_PER_ID)));
  const groups: Uint32Array[] = [];

  function groupOf(run: number): Uint32Array {
    const index = Math.floor(run / RUNS_PER_WORD);
    while (groups.length <= index) groups.push(new Uint32Array(size));
    return groups[index] ?? new Uint32Array(size);
  }

  return {
    add(run, id) {
      const words = groupOf(run);
      const mask = 1 << (run % RUNS_PER_WORD);
      for (const place of placesOf(id, size)) words[place] = (words[place] ?? 0) | mask;
    },
    runsOf(id) {
      const places = placesOf(id, size);
      const runs: number[] = [];
      for (let group = groups.length - 1; group >= 0; group--) {
        let left = ~0;
        for (const place of places) left &= groups[group]?.[place] ?? 0;
        for (; left !== 0; left &= ~(1 << highest(left))) runs.push(group * RUNS_PER_WORD + highest(left));
      }
      return runs;
    },
    bitsOf(run) {
      const words = groupOf(run);
      const shift = run % RUNS_PER_WORD;
      const bits = new Uint8Array(size / 8);
      for (let place = 0; place < size; place++) {
        const byte = place >>> 3;
        bits[byte] = (bits[byte] ?? 0) | ((((words[place] ?? 0) >>> shift) & 1) << (place & 7));
      }
      return bits;
    },
    restore(run, bits) {
      if (bits.length !== size / 8) return false;
      const words = groupOf(run);
      const shift = run % RUNS_PER_WORD;
      for (let place = 0; place < size; place++) {
        const bit = ((bits[place >>> 3] ?? 0) >>> (place & 7)) & 1;
        words[place] = (words[place] ?? 0) | (bit << shift);
      }
      return true;
    },
  };
}

function highest(word: number): number {
  return 31 - Math.clz32(word);
}

/**
 * Of the id as it is stored: SQLite keeps well-formed text. Two hashes in the manner of FNV-1a make the places. The bits are
 * stored: this never changes.
 */
function placesOf(id: string, size: number): readonly number[] {
  const text = id.toWellFormed();
  let first = 0x811c9dc5;
  let second = 0x1000193b;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second ^ unit, 0x85ebca6b);
    second ^= second >>> 15;
  }
  let place = first ^ (first >>> 16);
  const places: number[] = [];
  for (let probe = 0; probe < PROBES; probe++, place += second | 1) places.push(place & (size - 1));
  return places;
}

/**
 * Says of a claim that it was never taken, without a look into the index: nearly every claim is a new random key, and a
 * look for it would read a random page of each run. A Bloom filter in shared memory: the index's thread puts in what was
 * taken before the start, the writer what it writes, and only then is it asked. With 16 bits for each claim, one new key
 * in 370 costs a look; with 8, one in 40.
 */
export interface ClaimFilter {
  add(hash: number): void;
  /** All that was taken before the start is in it. */
  complete(): void;
  mayBeTaken(hash: number): boolean;
}

/** A claim's bits lie together in one line of the processor's cache: its look-up costs one miss, not four. */
const CELLS_PER_LINE = 16;
const PROBES = 4;
/** At 16 bits for each claim. */
const CLAIMS_PER_LINE = 32;
/** 16 MiB, and 256 MiB. */
const LEAST_LINES = 2 ** 18;
const MOST_LINES = 2 ** 22;

/** @param expected how many claims it is to take before it errs more often */
export function createClaimFilterBuffer(expected: number): SharedArrayBuffer {
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, expected / CLAIMS_PER_LINE)));
  const lines = Math.min(Math.max(wanted, LEAST_LINES), MOST_LINES);
  return new SharedArrayBuffer((lines * CELLS_PER_LINE + 1) * Int32Array.BYTES_PER_ELEMENT);
}

/** @param buffer of `createClaimFilterBuffer`, the same in both threads */
export function claimFilter(buffer: SharedArrayBuffer): ClaimFilter {
  const cells = new Int32Array(buffer);
  /** The last cell, after the bits. */
  const complete = cells.length - 1;
  /** The upper bits of the 48 choose the line; the lower 28 what is looked at in it. */
  const perLine = (2 ** 48 * CELLS_PER_LINE) / complete;
  const lineOf = (hash: number): number => Math.floor(hash / perLine) * CELLS_PER_LINE;
  return {
    add(hash) {
      const line = lineOf(hash);
      let probes = probesOf(hash);
      for (let probe = 0; probe < PROBES; probe++, probes >>>= 7) {
        // Seven bits for each probe: four choose the cell, three and the place of the probe its bit.
        Atomics.or(cells, line + (probes & 15), 1 << (((probes >>> 4) & 7) + 8 * probe));
      }
    },
    complete() {
      Atomics.store(cells, complete, 1);
    },
    mayBeTaken(hash) {
      if (Atomics.load(cells, complete) === 0) return true;
      const line = lineOf(hash);
      let probes = probesOf(hash);
      for (let probe = 0; probe < PROBES; probe++, probes >>>= 7) {
        const cell = Atomics.load(cells, line + (probes & 15));
        if ((cell & (1 << (((probes >>> 4) & 7) + 8 * probe))) === 0) return false;
      }
      return true;
    },
  };
}

function probesOf(hash: number): number {
  return hash % 2 ** 28;
}

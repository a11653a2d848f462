/**
 * A digest of all that the index holds, whatever the order: SQLite does not see a bit that has flipped in a page, and an
 * index that has lost a claim would let a used key be used again. Each row is mixed into 32 bits, so that a flipped bit
 * of any of its numbers changes them, and the rows are added up.
 */
export type Digest = number;

export const EMPTY_DIGEST: Digest = 0;

export function plus(digest: Digest, row: number): Digest {
  return (digest + row) >>> 0;
}

export function mixClaim(hash: number, position: number): number {
  return mix(fold(hash) ^ Math.imul(fold(position), 0x85ebca6b));
}

export function mixEntry(stream: number, revision: number, position: number): number {
  return mix(fold(stream) ^ Math.imul(fold(revision), 0x9e3779b1) ^ Math.imul(fold(position), 0x85ebca6b));
}

/** The upper bits of a number over its lower 32. Odd factors lose no bit. */
function fold(value: number): number {
  return (value | 0) ^ Math.imul(Math.floor(value / 2 ** 32), 0xc2b2ae35);
}

function mix(bits: number): number {
  return Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d) >>> 0;
}

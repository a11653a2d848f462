import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_DIGEST, mixClaim, mixEntry, plus } from './index-digest.ts';

const flip = (value: number, bit: number) => Number(BigInt(value) ^ (1n << BigInt(bit)));
const hash = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const small = fc.integer({ min: 0, max: 2 ** 40 });

describe('the digest of an index', () => {
  it('is the same in whatever order the rows come', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hash, small)), (rows) => {
        const digest = (list: readonly (readonly [number, number])[]) =>
          list.reduce((sum, [a, b]) => plus(sum, mixClaim(a, b)), EMPTY_DIGEST);
        expect(digest(rows.toReversed())).toBe(digest(rows));
      }),
    );
  });

  it('changes with any flipped bit of a claim', () => {
    fc.assert(
      fc.property(
        hash,
        small,
        fc.integer({ min: 0, max: 47 }),
        fc.integer({ min: 0, max: 39 }),
        (a, b, i, j) => {
          expect(mixClaim(flip(a, i), b)).not.toBe(mixClaim(a, b));
          expect(mixClaim(a, flip(b, j))).not.toBe(mixClaim(a, b));
        },
      ),
    );
  });

  it('changes with any flipped bit of an event', () => {
    fc.assert(
      fc.property(small, small, small, fc.integer({ min: 0, max: 39 }), (stream, revision, position, bit) => {
        const row = mixEntry(stream, revision, position);
        expect(mixEntry(flip(stream, bit), revision, position)).not.toBe(row);
        expect(mixEntry(stream, flip(revision, bit), position)).not.toBe(row);
        expect(mixEntry(stream, revision, flip(position, bit))).not.toBe(row);
      }),
    );
  });
});

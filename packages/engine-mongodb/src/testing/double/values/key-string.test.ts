import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverted, keyString } from './key-string.ts';

const order = (a: string, b: string) => Math.sign(Number(a > b) - Number(a < b));

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const near = fc.bigInt({ min: -3n, max: 3n }).map((more) => 2n ** 53n + more);
const double = fc.double({ noNaN: true });
const numeric = fc.oneof(int64, near, double, fc.integer());

describe('texts of values', () => {
  it('compare as the numbers do, exactly, whatever their types', () => {
    fc.assert(
      fc.property(numeric, numeric, (a, b) => {
        // JavaScript compares a bigint and a double by their exact values.
        expect(order(keyString(a), keyString(b))).toBe(Number(a > b) - Number(a < b));
      }),
      { numRuns: 2000 },
    );
  });

  it('compare as the UTF-8 bytes of strings do', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('\0', '\u0001', '\uffff', '\u{1f600}', 'a'), fc.constant('b')),
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(order(keyString(a), keyString(b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 2000 },
    );
  });

  it('joined, compare field by field, and turned round the other way', () => {
    const value = fc.oneof(fc.string({ maxLength: 2 }), numeric, fc.constant(null), fc.boolean());
    const pair = fc.tuple(value, value);
    fc.assert(
      fc.property(pair, pair, ([a1, a2], [b1, b2]) => {
        const first = order(keyString(a1), keyString(b1));
        const second = order(keyString(a2), keyString(b2));
        expect(order(keyString(a1) + keyString(a2), keyString(b1) + keyString(b2))).toBe(first || second);
        const turned = order(
          inverted(keyString(a1)) + keyString(a2),
          inverted(keyString(b1)) + keyString(b2),
        );
        expect(turned).toBe(-first || second);
      }),
      { numRuns: 2000 },
    );
  });

  it('are of documents: by type, name and value of each field, in order', () => {
    const ascending = [{}, { a: 1 }, { a: 1, b: 1 }, { a: 2 }, { b: 1 }, { a: 'x' }, { a: { a: 1 } }, []];
    const texts = ascending.map(keyString);
    expect(texts).toEqual(texts.toSorted(order));
  });
});

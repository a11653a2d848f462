import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createOrderedKeys } from './ordered-keys.ts';

it('holds keys in order, as a sorted list does, whatever is added and deleted', () => {
  const key = fc.integer({ min: 0, max: 3000 }).map((n) => String(n).padStart(4, '0'));
  fc.assert(
    fc.property(fc.array(key, { minLength: 1500, maxLength: 3000 }), key, key, (toggled, a, b) => {
      const keys = createOrderedKeys<string>();
      const model = new Set<string>();
      for (const one of toggled) {
        if (model.delete(one)) keys.delete(one);
        else {
          model.add(one);
          keys.add(one, one);
        }
      }
      const [from, to] = a < b ? [a, b] : [b, a];
      const expected = [...model].sort().filter((one) => one >= from && one < to);
      expect([...keys.range(from, to, false)]).toEqual(expected);
      expect([...keys.range(from, to, true)]).toEqual(expected.toReversed());
    }),
    { numRuns: 30 },
  );
});

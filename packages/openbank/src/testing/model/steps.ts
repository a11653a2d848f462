import fc from 'fast-check';
import type { Amount, Step } from './bank-model.ts';

const amount: fc.Arbitrary<Amount> = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: 1n, max: 100_000n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: 0n, max: 2n * 10n ** 15n }) },
  // Right at the border: all that there is, a unit less, a unit more.
  { weight: 3, arbitrary: fc.record({ most: fc.bigInt({ min: -1n, max: 1n }) }) },
);

/** Seldom an account that there is not. */
const account = fc.oneof(
  { weight: 20, arbitrary: fc.nat({ max: 1_000 }) },
  { weight: 1, arbitrary: fc.constant(-1) },
);

const limit = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt({ min: 0n, max: 200_000n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 10n ** 15n - 2n, max: 10n ** 15n + 2n }) },
);

/** Steps by chance: mostly money that moves, some openings, some repeats. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('open'),
      currency: fc.constantFrom('USD', 'JPY', 'KWD'),
      limit,
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('deposit'), account, amount }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('withdrawal'), account, amount }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('transfer'), from: account, to: account, amount }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('again'), back: fc.nat({ max: 50 }), changed: fc.boolean() }),
  },
);

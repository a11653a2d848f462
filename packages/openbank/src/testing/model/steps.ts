import fc from 'fast-check';
import type { Amount, DrawnCall, Step } from './drawn-call.ts';
import type { MovementOf } from './model-types.ts';

const small = fc.bigInt({ min: 1n, max: 100_000n });

const minor: fc.Arbitrary<Amount> = fc.oneof(
  { weight: 18, arbitrary: small },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 2n * 10n ** 15n }) },
  // Right at the border: all that there is, a unit less, a unit more.
  { weight: 4, arbitrary: fc.record({ most: fc.bigInt({ min: -1n, max: 1n }) }) },
);

/** Seldom one that there is not. */
const place = fc.oneof(
  { weight: 20, arbitrary: fc.nat({ max: 1_000 }) },
  { weight: 1, arbitrary: fc.constant(-1) },
);
const account = place;

const limit = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt({ min: 0n, max: 200_000n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 10n ** 15n - 2n, max: 10n ** 15n + 2n }) },
);

const against = fc.oneof(
  { weight: 8, arbitrary: fc.constant('cash') },
  { weight: 4, arbitrary: fc.constantFrom('clearing', 'suspense-2') },
  { weight: 1, arbitrary: fc.constantFrom('transfers', 'customers', 'fee-income', 'interest-expense') },
);

/** Few, so that they come again. */
const period = fc.constantFrom('2024', '2024-Q1', '2024-Q2', '2024-01', '2024-02', '2024-02-29');

const fee = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.bigInt({ min: 1n, max: 500n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 300_000n }) },
);

const movement: fc.Arbitrary<MovementOf<Amount>> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('deposit'), account, minor, against }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('withdrawal'), account, minor, against }) },
  {
    weight: 7,
    arbitrary: fc.record({ kind: fc.constant('transfer'), from: account, to: account, minor, fee }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('interest'), account, minor, period }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fee'), account, minor }) },
);

const open: fc.Arbitrary<DrawnCall> = fc.record({
  kind: fc.constant('open'),
  owner: place,
  currency: fc.constantFrom('USD', 'USD', 'USD', 'JPY', 'KWD'),
  limit,
  reference: fc.constantFrom(null, 'savings', 'rent'),
});

const correct: fc.Arbitrary<DrawnCall> = fc.record({
  kind: fc.constant('correct'),
  person: place,
  firstName: fc.constantFrom('Alice', 'Bob', 'Zoë'),
  born: fc.constantFrom('1990-05-15', '1990-05-15', '1971-01-01', '9999-12-31'),
});

const freeze: fc.Arbitrary<DrawnCall> = fc.record({
  kind: fc.constant('freeze'),
  account,
  status: fc.constantFrom('FROZEN_DEBIT', 'FROZEN'),
});

const batch: fc.Arbitrary<DrawnCall> = fc.record({
  kind: fc.constant('batch'),
  mode: fc.constantFrom('atomic', 'independent'),
  items: fc.array(movement, { minLength: 1, maxLength: 6, size: 'max' }),
});

/** Mostly young ones, which may have been reversed or be reversals. */
const reversal: fc.Arbitrary<DrawnCall> = fc.record({
  kind: fc.constant('reversal'),
  transaction: fc.oneof(
    { weight: 10, arbitrary: fc.nat({ max: 8 }) },
    { weight: 8, arbitrary: fc.nat({ max: 400 }) },
    { weight: 1, arbitrary: fc.constant(-1) },
  ),
});

const call: fc.Arbitrary<DrawnCall> = fc.oneof(
  { weight: 26, arbitrary: movement },
  { weight: 3, arbitrary: open },
  { weight: 2, arbitrary: correct },
  { weight: 2, arbitrary: freeze },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('unfreeze'), account }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close'), account }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('limit'), account, minor }) },
  { weight: 5, arbitrary: reversal },
  { weight: 5, arbitrary: batch },
);

/** Steps by chance: mostly money that moves, and all else that can be done, tried before or not, and repeats. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 11,
    arbitrary: fc.record({
      kind: fc.constant('call'),
      call,
      tried: fc.oneof(
        { weight: 3, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
      match: fc.oneof(
        { weight: 6, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.constantFrom('right', 'wrong') },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('again'), back: fc.nat({ max: 50 }), changed: fc.boolean() }),
  },
);

import { expect, test } from 'vitest';
import { CRATES, TOTALS, WEIGHINGS } from '../testing/crates.ts';
import { sharesOf } from './shares.ts';

test('the work is divided into partitions of all that go by stream, and the totals', () => {
  const shares = sharesOf([CRATES, TOTALS, WEIGHINGS], { partitions: 2 });
  expect(shares).toEqual([
    { name: 'partition-0', partition: { index: 0, of: 2 }, projections: [CRATES, WEIGHINGS] },
    { name: 'partition-1', partition: { index: 1, of: 2 }, projections: [CRATES, WEIGHINGS] },
    { name: 'totals', partition: { index: 0, of: 1 }, projections: [TOTALS] },
  ]);
});

test('where there is nothing to do, there is no share', () => {
  expect(sharesOf([], { partitions: 2 })).toEqual([]);
  expect(sharesOf([TOTALS], { partitions: 2 }).map(({ name }) => name)).toEqual(['totals']);
  expect(sharesOf([CRATES], { partitions: 1 }).map(({ name }) => name)).toEqual(['partition-0']);
});

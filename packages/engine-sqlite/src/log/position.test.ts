import { expect, test } from 'vitest';
import { toPosition, toRow } from './position.ts';

test('positions compare as their rows do', () => {
  const rows = [1, 9, 10, 99, 100, 1_000_000, Number.MAX_SAFE_INTEGER];
  expect(rows.map(toPosition).toSorted()).toEqual(rows.map(toPosition));
  expect(rows.map(toPosition).map(toRow)).toEqual(rows);
  expect(toRow(undefined)).toBe(0);
});

test.each(['', 'x', '-1', '1.5', '1e3', '99999999999999999999'])(
  '%j is refused as a position',
  (position) => {
    expect(() => toRow(position)).toThrow(/no position of an embedded log/);
  },
);

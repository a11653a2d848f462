import { expect, test } from 'vitest';
import { leastOf, partitionOf } from './partitions.ts';

test('the partition of a stream is for ever the same', () => {
  expect(
    ['bank-account-a', 'person-b', '', 'ä', '\u{1F680}'].map((stream) => partitionOf(stream, 8)),
  ).toEqual(PARTITIONS);
  expect(partitionOf('bank-account-a', 1)).toBe(0);
});

test('streams are divided about evenly', () => {
  const counts = Array<number>(8).fill(0);
  for (let id = 0; id < 8_000; id++) {
    const partition = partitionOf(`bank-account-${id}`, 8);
    counts[partition] = (counts[partition] ?? 0) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});

test('the least of all checkpoints is none where one of them is', () => {
  expect(leastOf(['3', '1', '2'])).toBe('1');
  expect(leastOf(['3', undefined, '2'])).toBeUndefined();
  expect(leastOf([undefined, '2'])).toBeUndefined();
  expect(leastOf([])).toBeUndefined();
});

const PARTITIONS = [7, 7, 5, 3, 0];

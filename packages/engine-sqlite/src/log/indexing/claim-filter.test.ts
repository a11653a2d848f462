import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { claimFilter, createClaimFilterBuffer } from './claim-filter.ts';
import { claimHash } from './index-schema.ts';

test.each([
  ['a small log', 1_000, 50_000],
  ['a log of as many claims as it was made for', 16_000_000, 200_000],
])('whatever was added may be taken, and of others few are suspected: %s', (_, expected, count) => {
  const buffer = createClaimFilterBuffer(expected);
  const taken = Array.from({ length: count }, () => claimHash(randomUUID()));
  for (const hash of taken) claimFilter(buffer).add(hash);
  const filter = claimFilter(buffer);
  filter.complete();
  expect(taken.every(filter.mayBeTaken)).toBe(true);
  const others = Array.from({ length: 50_000 }, () => claimHash(randomUUID()));
  expect(others.filter(filter.mayBeTaken).length).toBeLessThan(50);
});

test('there are 16 bits for each claim that is expected, within bounds', () => {
  const mebibytes = (expected: number) => Math.floor(createClaimFilterBuffer(expected).byteLength / 2 ** 20);
  expect([0, 8_000_000, 9_000_000, 16_000_000, 1e12].map(mebibytes)).toEqual([16, 16, 32, 32, 256]);
});

test('nothing is said to be free before the filter is complete', () => {
  const filter = claimFilter(createClaimFilterBuffer(0));
  expect(filter.mayBeTaken(1)).toBe(true);
  filter.complete();
  expect(filter.mayBeTaken(1)).toBe(false);
});

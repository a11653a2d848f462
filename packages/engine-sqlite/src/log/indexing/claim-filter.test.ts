import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { claimFilter, createClaimFilterBuffer } from './claim-filter.ts';
import { claimHash } from './index-schema.ts';

test('whatever was added may be taken, and of others few are suspected', () => {
  const buffer = createClaimFilterBuffer();
  const taken = Array.from({ length: 50_000 }, () => claimHash(randomUUID()));
  for (const hash of taken) claimFilter(buffer).add(hash);
  const filter = claimFilter(buffer);
  filter.complete();
  expect(taken.every(filter.mayBeTaken)).toBe(true);
  const others = Array.from({ length: 50_000 }, () => claimHash(randomUUID()));
  expect(others.filter(filter.mayBeTaken).length).toBeLessThan(50);
});

test('nothing is said to be free before the filter is complete', () => {
  const filter = claimFilter(createClaimFilterBuffer());
  expect(filter.mayBeTaken(1)).toBe(true);
  filter.complete();
  expect(filter.mayBeTaken(1)).toBe(false);
});

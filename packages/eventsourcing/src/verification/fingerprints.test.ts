import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createFingerprints } from './fingerprints.ts';

test('every name is new once, however many there are', () => {
  const names = Array.from({ length: 20_000 }, () => randomBytes(8));
  const set = createFingerprints(10);
  const add = (name: Buffer) => set.add(name.readUInt32LE(0), name.readUInt32LE(4));
  expect(names.every(add)).toBe(true);
  expect(names.some(add)).toBe(false);
});

test('names that share a half, or are all zeros, are told apart', () => {
  const set = createFingerprints(0);
  expect([set.add(0, 0), set.add(5, 0), set.add(5, 6), set.add(4, 6), set.add(0, 0)]).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
});

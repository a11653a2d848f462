import { BSON } from 'mongodb';
import { expect, it } from 'vitest';
import { mostBytes } from './most-bytes.ts';

it.each([
  {},
  { _id: 'a', revision: 1, deleted: false },
  { text: 'ä€😀'.repeat(100), key: 'k'.repeat(1_000) },
  { ['€'.repeat(100)]: null, amount: 2n ** 62n, rate: 0.1 },
  { list: Array.from({ length: 2_000 }, () => [[], {}, '', 0]) },
])('is never below what the document takes: %#', (document) => {
  expect(mostBytes(document)).toBeGreaterThanOrEqual(BSON.calculateObjectSize(document));
});

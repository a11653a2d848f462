import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCollection } from '../storage/collection.ts';
import type { Document } from '../values/document.ts';
import { search } from './search.ts';

const value = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.constantFrom(null, '', 'a', 'b', 1.5, true, new Date(0)),
);
const stored = fc.record(
  {
    a: fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: fc.array(value, { maxLength: 2 }) }),
    b: value,
    c: value,
  },
  { requiredKeys: [] },
);
const plain = fc.record({ a: value, b: value, c: value }, { requiredKeys: [] });

const condition = fc.oneof(
  value,
  fc
    .record({ $gt: value, $lte: value }, { requiredKeys: [] })
    .map((one) => (Object.keys(one).length > 0 ? one : { $gte: null })),
  fc.record({ $gte: value, $lt: value }),
  fc.array(value, { maxLength: 3 }).map((list) => ({ $in: list })),
  fc.record({ $eq: value }),
  fc.record({ $ne: value }),
);
const filter = fc.record({ a: condition, b: condition, c: condition }, { requiredKeys: [] });
const direction = fc.constantFrom(1, -1);
const sort = fc
  .tuple(fc.shuffledSubarray(['a', 'b', 'c']), fc.tuple(direction, direction, direction, direction))
  .map(([names, directions]) =>
    Object.fromEntries([...names, '_id'].map((name, i) => [name, directions[i] ?? 1])),
  );

const INDEXES: readonly Document[] = [
  { a: 1, b: 1, _id: 1 },
  { a: -1, c: 1 },
  { b: 1, a: -1, _id: -1 },
  { c: 1 },
  { b: -1, _id: -1 },
];

function collectionOf(documents: readonly Document[], indexes: readonly Document[]) {
  const collection = createCollection('test.things');
  for (const [i, key] of indexes.entries()) collection.addIndex({ v: 2, key, name: `index-${i}` });
  for (const [_id, document] of documents.entries()) {
    collection.apply(collection.newRecord(), { after: { _id, ...document } });
  }
  return collection;
}

for (const [kind, documents] of [
  ['values', fc.array(plain, { maxLength: 40 })],
  ['values and arrays', fc.array(stored, { maxLength: 40 })],
] as const) {
  it(`finds along indexes what it finds without them, in the same order: ${kind}`, () => {
    const query = fc.record({
      filter,
      sort,
      limit: fc.integer({ min: 1, max: 10 }),
      skip: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(documents, query, (all, wanted) => {
        const found = (indexes: readonly Document[]) =>
          search(collectionOf(all, indexes), { ...wanted, variables: {} }).records.map(
            ({ document }) => document,
          );
        expect(found(INDEXES)).toEqual(found([]));
      }),
      { numRuns: 300 },
    );
  });
}

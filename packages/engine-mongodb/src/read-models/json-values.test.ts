import type { JsonValue } from '@openbank/eventsourcing';
import * as fc from 'fast-check';
import { BSON } from 'mongodb';
import { expect, test } from 'vitest';
import { fromBson, toBson } from './json-values.ts';

/** Through the bytes that MongoDB keeps. */
function kept(value: JsonValue): unknown {
  const bytes = BSON.serialize({ value: toBson(value) });
  return fromBson(BSON.deserialize(bytes, { useBigInt64: true }).value);
}

test('any json value comes back as it was', async () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  const property = fc.property(json, (value) => {
    expect(JSON.stringify(kept(asRead(value)))).toBe(JSON.stringify(value));
  });
  await fc.assert(property);
});

test.each<JsonValue>([
  { $ref: 'accounts', $id: '1' },
  { $date: '2026-01-01' },
  { _bsontype: 'Long', value: 1 },
  { toBSON: 'x' },
  { 'a\0b': 1 },
  { 'lone \ud800': 'in a key' },
  'lone \ud800',
  { json_text: '{"a":1}' },
  { json_text: '{"a":1}', and: 'more' },
  { json_text: 1 },
  JSON.parse('{"__proto__": {"a": 1}}'),
  { 'key.with$signs': {}, '': 0 },
  [[], {}, null, true, 1, 2 ** 40, 1.5, 1e300, -(2 ** 53)],
  nested(200),
])('%j, which BSON has another meaning for or may have, comes back as it was', (value) => {
  expect(JSON.stringify(kept(value))).toBe(JSON.stringify(value));
});

test('what anyone may look at is kept as it is', () => {
  const value = { list: [1, 'two', null], of: { text: 'ë漢' } };
  expect(toBson(value)).toBe(value);
});

test.each([
  ['a date', new Date(0)],
  ['a 64-bit integer', 1n],
  ['text that is no json', { json_text: '{' }],
])('%s was never written as a json value', (_, stored) => {
  expect(fromBson(stored)).toBeUndefined();
});

function nested(depth: number): JsonValue {
  return depth === 0 ? 'deep' : [nested(depth - 1)];
}

function asRead(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value));
}

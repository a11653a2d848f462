import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

it('is the same text for the same request in another order and spelling', () => {
  const one = canonicalJson(JSON.parse('{"b": 1000.00, "a": {"d": null, "c": [1, "x"]}}'));
  const other = canonicalJson(JSON.parse('{"a":{"c":[1,"x"],"d":null},"b":1e3}'));
  expect(one).toBe('{"a":{"c":[1,"x"],"d":null},"b":1000}');
  expect(other).toBe(one);
});

it('keeps apart what differs', () => {
  const texts = ['{}', '{"a":null}', '{"a":"null"}', '{"a":1}', '{"a":"1"}', '[]', 'null'].map((text) =>
    canonicalJson(JSON.parse(text)),
  );
  expect(new Set(texts).size).toBe(texts.length);
});

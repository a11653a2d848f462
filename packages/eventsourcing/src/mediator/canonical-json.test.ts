import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, canonicalRequest } from './canonical-json.ts';

const canonical = (text: string) => canonicalJson(JSON.parse(text));

describe('canonical JSON', () => {
  test.each([
    ['the order of keys', '{"b":1,"a":2}', '{"a":2,"b":1}'],
    [
      'the order of keys at every depth',
      '[{"z":{"b":1,"a":[{"d":1,"c":2}]}}]',
      '[{"z":{"a":[{"c":2,"d":1}],"b":1}}]',
    ],
    ['blanks', ' { "a" : [ 1 , 2 ] } ', '{"a":[1,2]}'],
    ['the spelling of numbers', '[1e3, 1000, 1000.0, 0.10]', '[1000,1000,1000,0.1]'],
    ['the sign of zero', '[-0, 0, -0.0, 0e5]', '[0,0,0,0]'],
    ['escapes in strings and keys', '{"\\u0061":"\\u00eb\\/"}', '{"a":"ë/"}'],
    ['a key that is repeated: the last one counts', '{"a":1,"a":2}', '{"a":2}'],
  ])('is one text whatever %s', (_, text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  test.each([
    ['a number and its text', '{"amount":1}', '{"amount":"1"}'],
    ['null and an absent key', '{"a":null}', '{}'],
    ['a list and an object', '[]', '{}'],
    ['the order of a list', '[1,2]', '[2,1]'],
    ['composed and decomposed letters', '"\u00eb"', '"e\u0308"'],
    ['nesting', '[[1],2]', '[[1,2]]'],
    ['a comma in a string and two strings', '["a\\",\\"b"]', '["a","b"]'],
    ['an empty first string', '["","a"]', '["a"]'],
    ['what is too large for a number and null', '1e999', 'null'],
  ])('keeps apart %s', (_, one, other) => {
    expect(canonical(one)).not.toBe(canonical(other));
  });

  test('keeps text of every script and what is no valid Unicode', () => {
    const text = '{"漢":"\u{1F680}","a\\u0000":"\\ud800"}';
    expect(canonical(text)).toBe('{"a\\u0000":"\\ud800","漢":"\u{1F680}"}');
  });

  test('sorts keys that look like numbers, and keeps names that objects have already', () => {
    expect(canonical('{"10":1,"9":2,"__proto__":3,"constructor":4}')).toBe(
      '{"10":1,"9":2,"__proto__":3,"constructor":4}',
    );
  });

  test('of any value is that value again, whatever order its keys come in', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        const value: unknown = JSON.parse(text);
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  test.each([undefined, 1n, () => 1, Symbol('x')])('refuses %s, which is no JSON', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
    expect(() => canonicalJson([{ a: value }])).toThrow(TypeError);
  });
});

describe('a canonical request', () => {
  const request = { method: 'POST', path: '/accounts', body: { b: 1, a: 2 } };

  test('is method and path, and the body on the next line', () => {
    expect(canonicalRequest(request)).toBe('POST /accounts\n{"a":2,"b":1}');
  });

  test('tells no body from an empty one', () => {
    expect(canonicalRequest({ ...request, body: undefined })).toBe('POST /accounts\n');
    expect(canonicalRequest({ ...request, body: {} })).toBe('POST /accounts\n{}');
  });
});

/** The same value, the keys of its objects in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, each]) => [key, reversed(each)]));
}

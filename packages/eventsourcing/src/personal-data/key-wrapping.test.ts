import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createKeyWrapping } from './key-wrapping.ts';

const wrapping = createKeyWrapping(randomBytes(32));
const secret = randomBytes(32);

test('unwraps what was wrapped under the same name', () => {
  expect(Buffer.from(wrapping.unwrap('a', wrapping.wrap('a', secret)))).toEqual(secret);
});

test('begins with the version of its format', () => {
  expect(wrapping.wrap('a', secret)[0]).toBe(1);
});

test('wraps the same key differently each time', () => {
  expect(wrapping.wrap('a', secret)).not.toEqual(wrapping.wrap('a', secret));
});

test('refuses another name', () => {
  expect(() => wrapping.unwrap('b', wrapping.wrap('a', secret))).toThrow(/key of b is damaged/);
});

test('refuses a version that it does not know, and says so', () => {
  const newer = wrapping.wrap('a', secret);
  newer[0] = 2;
  expect(() => wrapping.unwrap('a', newer)).toThrow(/version 2/);
});

test('tells another master key from damage', () => {
  const other = createKeyWrapping(randomBytes(32));
  const wrapped = wrapping.wrap('a', secret);
  expect(() => other.unwrap('a', wrapped)).toThrow(expect.objectContaining({ code: 'master-key-wrong' }));
  for (const length of [0, 1, 4, 20, wrapped.length - 1]) {
    const cut = wrapped.subarray(0, length);
    expect(() => wrapping.unwrap('a', cut)).toThrow(expect.objectContaining({ code: 'store-damaged' }));
  }
});

import { beforeEach, expect, test } from 'vitest';
import { createTail, type Tail } from './tail.ts';

let tail: Tail;
beforeEach(() => {
  tail = createTail();
  tail.add({ first: 11, last: 12, streams: [{ stream: 'a', firstRevision: 5, count: 2 }], claims: ['one'] });
  tail.add({
    first: 13,
    last: 15,
    streams: [
      { stream: 'b', firstRevision: 0, count: 1 },
      { stream: 'a', firstRevision: 7, count: 2 },
    ],
    claims: ['two', 'three'],
  });
});

test('it knows where the young events of a stream are, and the first rows of claims', () => {
  expect(tail.stream('a')).toEqual({ first: 5, positions: [11, 12, 14, 15] });
  expect(tail.stream('b')).toEqual({ first: 0, positions: [13] });
  expect(tail.stream('c')).toBeUndefined();
  expect(['one', 'two', 'three', 'four'].map(tail.claim)).toEqual([11, 13, 13, undefined]);
  expect(tail.size()).toBe(5);
});

test('what the index holds is forgotten, the rest stays', () => {
  tail.evictThrough(12);
  expect(tail.stream('a')).toEqual({ first: 7, positions: [14, 15] });
  expect(tail.claim('one')).toBeUndefined();
  expect(tail.claim('two')).toBe(13);
  expect(tail.size()).toBe(3);
  tail.evictThrough(15);
  expect(tail.stream('a')).toBeUndefined();
  expect(tail.size()).toBe(0);
});

test('what was not written after all is forgotten, and its places are taken by the next', () => {
  tail.removeAfter(12);
  expect(tail.stream('a')).toEqual({ first: 5, positions: [11, 12] });
  expect(tail.stream('b')).toBeUndefined();
  expect(tail.claim('three')).toBeUndefined();
  tail.add({ first: 13, last: 13, streams: [{ stream: 'a', firstRevision: 7, count: 1 }], claims: [] });
  expect(tail.stream('a')).toEqual({ first: 5, positions: [11, 12, 13] });
  expect(tail.size()).toBe(3);
});

test('a commit that the index was faster with is not taken in', () => {
  tail.evictThrough(20);
  tail.add({ first: 19, last: 20, streams: [{ stream: 'd', firstRevision: 0, count: 2 }], claims: ['four'] });
  expect(tail.stream('d')).toBeUndefined();
  expect(tail.claim('four')).toBeUndefined();
  expect(tail.size()).toBe(0);
});

test('one stream with all events is relieved of thousands at once', () => {
  tail = createTail();
  for (let at = 1; at <= 50_000; at++) {
    tail.add({
      first: at,
      last: at,
      streams: [{ stream: 'hot', firstRevision: at - 1, count: 1 }],
      claims: [],
    });
  }
  tail.evictThrough(49_999);
  expect(tail.stream('hot')).toEqual({ first: 49_999, positions: [50_000] });
});

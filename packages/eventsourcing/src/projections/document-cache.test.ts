import { expect, test } from 'vitest';
import { createDocumentCache } from './document-cache.ts';

const document = (revision: number) => ({ revision, fields: {} });

test('the cache keeps what is in use and drops what nobody used', () => {
  const cache = createDocumentCache(10);
  cache.set('hot', document(0));
  cache.set('cold', document(0));
  for (let i = 0; i < 30; i++) {
    cache.set(`passing-${i}`, document(i));
    expect(cache.get('hot')).toEqual(document(0));
  }
  expect(cache.get('cold')).toBeUndefined();
});

test('the cache holds no more than its capacity', () => {
  const cache = createDocumentCache(10);
  for (let i = 0; i < 1000; i++) cache.set(`d${i}`, document(i));
  let held = 0;
  for (let i = 0; i < 1000; i++) if (cache.get(`d${i}`)) held++;
  expect(held).toBeLessThanOrEqual(10);
  expect(held).toBeGreaterThanOrEqual(5);
});

test('the cache answers the newest of what was set', () => {
  const cache = createDocumentCache(4);
  cache.set('a', document(1));
  for (let i = 0; i < 3; i++) cache.set(`b${i}`, document(i));
  cache.set('a', document(2));
  expect(cache.get('a')).toEqual(document(2));
});

import { expect, test } from 'vitest';
import { createWorkingSet } from './working-set.ts';

const stored = (revision: number) => ({ revision, fields: {} });

test('documents in use stay at hand, others are dropped after a while', () => {
  const set = createWorkingSet(10);
  set.add('hot', stored(0));
  set.add('cold', stored(0));
  for (let i = 0; i < 30; i++) {
    set.add(`passing-${i}`, stored(i));
    expect(set.get('hot')).toMatchObject({ revision: 0 });
    set.written();
  }
  expect(set.get('cold')).toBeUndefined();
});

test('no more are held than the capacity and one batch', () => {
  const set = createWorkingSet(10);
  for (let i = 0; i < 1000; i++) {
    set.add(`d${i}`, stored(i));
    set.written();
  }
  const held = Array.from({ length: 1000 }, (_, i) => set.get(`d${i}`)).filter((document) => document);
  expect(held.length).toBeLessThanOrEqual(10);
  expect(held.length).toBeGreaterThanOrEqual(4);
});

test('nothing that is not written is dropped', () => {
  const set = createWorkingSet(2);
  for (let i = 0; i < 100; i++) set.change(set.add(`d${i}`, undefined), i, {});
  expect(set.changes()).toHaveLength(100);
  expect(set.get('d0')).toMatchObject({ revision: 0 });
});

test('a document is written once, from the revision that is stored to its last', () => {
  const set = createWorkingSet(10);
  const document = set.add('a', stored(3));
  set.change(document, 4, { n: 4n });
  set.change(document, 5, { n: 5n });
  expect(set.changes()).toEqual([{ id: 'a', from: 3, revision: 5, fields: { n: 5n } }]);
  set.written();
  expect(set.changes()).toEqual([]);
  set.change(document, 6, undefined);
  expect(set.changes()).toEqual([{ id: 'a', from: 5, revision: 6, fields: undefined }]);
});

test('a new document is kept once a second event has fed it, not before', () => {
  const set = createWorkingSet(10);
  set.change(set.add('line', undefined), 0, {});
  const account = set.add('account', undefined);
  set.change(account, 0, {});
  set.change(account, 1, {});
  expect(set.get('line')).toMatchObject({ revision: 0 });
  set.written();
  expect(set.get('line')).toBeUndefined();
  expect(set.get('account')).toMatchObject({ revision: 1, stored: 1 });
});

test('a new document is written from no revision', () => {
  const set = createWorkingSet(10);
  set.change(set.add('a', undefined), 0, {});
  expect(set.changes()).toEqual([{ id: 'a', from: undefined, revision: 0, fields: {} }]);
});

test('what is forgotten is neither at hand nor written', () => {
  const set = createWorkingSet(10);
  set.change(set.add('a', undefined), 0, {});
  set.forget();
  expect(set.get('a')).toBeUndefined();
  expect(set.changes()).toEqual([]);
});

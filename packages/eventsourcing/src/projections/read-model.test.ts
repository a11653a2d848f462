import { expect, test } from 'vitest';
import { readModelKey } from './read-model.ts';

test('a version of a read model is called by its name and number', () => {
  expect(readModelKey({ name: 'parcels', version: 12 })).toBe('parcels_v12');
});

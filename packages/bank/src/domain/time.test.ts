import { expect, test } from 'vitest';
import { isDay, rfc3339 } from './time.ts';

test.each([
  [0, '1970-01-01T00:00:00.000000Z'],
  [1_790_000_000_000_001, '2026-09-21T14:13:20.000001Z'],
  [1_790_000_000_123_456, '2026-09-21T14:13:20.123456Z'],
])('%i microseconds leave as %s', (microseconds, text) => {
  expect(rfc3339(microseconds)).toBe(text);
});

test.each(['1990-05-15', '2024-02-29', '0001-01-01'])('%s is a day', (text) => {
  expect(isDay(text)).toBe(true);
});

test.each([
  '2023-02-29',
  '1990-02-30',
  '1990-13-01',
  '1990-5-15',
  '19900515',
  '1990-05-15T00:00:00Z',
  ' 1990-05-15',
  '',
])('%j is no day', (text) => {
  expect(isDay(text)).toBe(false);
});

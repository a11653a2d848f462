import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { typedMoment, typedTime } from './typed-time.ts';

describe('a time that is typed', () => {
  it.each([
    '2026-01-31',
    '2024-02-29',
    '2026-01-31T12:00:00Z',
    '2026-01-31t12:00:00.123456z',
    '2026-01-31T12:00:00+02:00',
    '2026-01-31T23:59:59-11:30',
  ])('may be %s', (text) => {
    expect(typedTime(text)).toBe(text);
  });

  it.each([
    ...['', 'yesterday', '2026-1-31', '2026-02-30', '2025-02-29', '2026-13-01', '2026-01-31T12:00:00'],
    ...['2026-01-31 12:00:00Z', '2026-01-31T25:00:00Z', '2026-01-31T12:00:00%2B02:00'],
  ])('is not "%s"', (text) => {
    expect(() => typedTime(text)).toThrow(InvalidArgumentError);
    expect(() => typedMoment(text)).toThrow(/2026-01-31T12:00:00Z/);
  });

  it('is the start of a day in UTC where a moment is asked for', () => {
    expect(typedMoment('2026-01-31')).toBe('2026-01-31T00:00:00Z');
    expect(typedMoment('2026-01-31T12:00:00+02:00')).toBe('2026-01-31T12:00:00+02:00');
  });
});

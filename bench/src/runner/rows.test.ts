import { expect, it } from 'vitest';
import { median, quantile } from './median.ts';
import { rateAgainst, rateAtLeast, timeAgainst, timeAtMost } from './rows.ts';
import { table } from './table.ts';

it('takes the median of even and of odd numbers of figures', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

it('takes a quantile as the smallest figure that so many are not above', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect(quantile(hundred, 0.99)).toBe(99);
  expect(quantile([7], 0.99)).toBe(7);
});

it('judges a ratio of medians by its goal', () => {
  const goal = { to: 'bare', base: [200, 100, 300], least: 0.4, aim: 0.5 };
  expect(rateAgainst('deposits', [80, 70, 90], goal)).toMatchObject({
    ratio: { value: 0.4, to: 'bare' },
    goal: { text: 'at least 0.40, aim 0.50', met: true },
  });
  expect(rateAgainst('deposits', [79, 70, 90], goal).goal?.met).toBe(false);
});

it('judges rates and times by their medians', () => {
  expect(rateAtLeast('catch-up', [99_999, 100_000, 500_000], 100_000).goal?.met).toBe(true);
  expect(timeAtMost('deposit', 'ms', [1.2, 0.1, 1.21], 1.2).goal?.met).toBe(true);
  expect(timeAtMost('deposit', 'ms', [1.2, 1.3, 1.21], 1.2).goal?.met).toBe(false);
});

it('judges a time against a shorter one by a ratio below 1', () => {
  const goal = { to: 'the client', base: [80, 70, 90], least: 0.8 };
  expect(timeAgainst('append', 'us', [100, 110, 90], goal)).toMatchObject({
    ratio: { value: 0.8, to: 'the client' },
    goal: { text: 'at least 0.80', met: true },
  });
  expect(timeAgainst('append', 'us', [101], goal).goal?.met).toBe(false);
  expect(timeAgainst('append', 'us', [101], { to: 'the client', base: [80] })).not.toHaveProperty('goal');
});

it('prints rows as a Markdown table', () => {
  const rows = [
    { what: 'bare', unit: 'per s', figures: [30_000.4, 29_000, 31_000] } as const,
    timeAtMost('deposit', 'ms', [1.234], 1.2),
  ];
  expect(table(rows)).toBe(
    [
      '| what    | median       | range           | ratio | goal           | reached |',
      '| ------- | ------------ | --------------- | ----- | -------------- | ------- |',
      '| bare    | 30,000 per s | 29,000 - 31,000 |       |                |         |',
      '| deposit | 1.23 ms      |                 |       | at most 1.2 ms | no      |',
    ].join('\n'),
  );
});

import { expect, it } from 'vitest';
import { rate, rateAgainst, rateAtLeast, timeAtMost } from '../runner/rows.ts';
import { barsOf, placeOf } from './bars.ts';
import { svgPlot } from './svg-plot.ts';
import { textPlot } from './text-plot.ts';

const ROWS = [
  rate('the floor', [100]),
  rateAgainst('kit', [35], { to: 'the floor', base: [100], least: 0.7 }),
  rateAtLeast('catch-up', [200], 100),
  timeAtMost('deposit', 'ms', [4], 2),
];

it('takes what was reached against each goal, and nothing where there is none', () => {
  expect(barsOf(ROWS)).toEqual([
    { label: 'kit / the floor', share: 0.5 },
    { label: 'catch-up', share: 2 },
    { label: 'deposit', share: 0.5 },
  ]);
});

it('places the goal in the middle of a scale that ends at a tenth and at ten times of it', () => {
  expect([0, 0.01, 0.1, 1, 10, 1_000, Number.NaN].map(placeOf)).toEqual([0, 0, 0, 0.5, 1, 1, 0]);
});

it('draws bars of text, the goal marked', () => {
  expect(textPlot(barsOf(ROWS)).split('\n')).toEqual([
    `${'reached / goal'.padEnd(46)} 0.1     0.3         1         3        10`,
    `${'kit / the floor'.padEnd(46)} ${'#'.repeat(15)}     |${' '.repeat(20)}  0.50`,
    `${'catch-up'.padEnd(46)} ${'#'.repeat(20)}|${'#'.repeat(6)}${' '.repeat(14)}  2.00`,
    `${'deposit'.padEnd(46)} ${'#'.repeat(15)}     |${' '.repeat(20)}  0.50`,
  ]);
});

it('stays within a hundred columns, whatever the rows are called', () => {
  const bars = [0.0012, 0.02, 3, 12_345].map((share) => ({ label: 'name '.repeat(40), share }));
  expect(
    Math.max(
      ...textPlot(bars)
        .split('\n')
        .map(({ length }) => length),
    ),
  ).toBeLessThanOrEqual(100);
});

it('draws the same as a picture with a text for each bar, readable on light and on dark ground', () => {
  const picture = svgPlot([...barsOf(ROWS), { label: 'a < b & "c"', share: 0.02 }]);
  expect(picture).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" .*<\/svg>\n$/s);
  expect(picture).toContain('prefers-color-scheme: dark');
  expect(picture).toContain('>kit / the floor</text>');
  expect(picture).toContain('a &lt; b &amp; "c"');
  expect(picture.match(/class="missed"/g)).toHaveLength(3);
  expect(picture.match(/class="met"/g)).toHaveLength(1);
});

import { expect, test } from 'vitest';
import { textOf } from './markdown.ts';
import { testsNamedOn, titlesBehind } from './named-tests.ts';

const PAGE = 'docs/promises.md';

test.each(testsNamedOn(PAGE).map((link) => [`${PAGE}:${link.line}`, link] as const))(
  'the test that %s names exists',
  (_, link) => {
    expect(titlesBehind(link), `a test of this title in ${link.target}`).toContain(link.text);
  },
);

test('every promise that is made names the tests that would fail, and all thirteen are there', () => {
  const sections = textOf(PAGE).split(/^## /m).slice(1);
  const made = sections.filter((section) => /^\d+\. /.test(section));
  for (const section of made) expect(section, section.split('\n')[0]).toMatch(/\]\(\.\.\/[^)]+\.ts\)/);
  const waiting = sections.find((section) => section.startsWith('Not yet')) ?? '';
  const numbers = [
    ...made.map((section) => Number.parseInt(section, 10)),
    ...[...waiting.matchAll(/^- \*\*(\d+)\./gm)].map(([, number]) => Number(number)),
  ];
  expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual(Array.from({ length: 13 }, (_, at) => at + 1));
});

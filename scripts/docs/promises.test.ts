import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { type Link, linksOf, textOf } from './markdown.ts';

const PAGE = 'docs/promises.md';

const lines = textOf(PAGE).split('\n');
/** Links at the start of a list's item: their text is the title of a test in the file that they lead to. */
const tests = linksOf(PAGE).filter(({ line, text }) => lines[line - 1]?.startsWith(`- [${text}]`));

test.each(tests.map((link) => [`${PAGE}:${link.line}`, link] as const))(
  'the test that %s names exists',
  (_, link) => {
    const { text } = link;
    expect(titlesIn(textOf(pathOf(link))), `a test of this title in ${link.target}`).toContain(text);
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

function pathOf({ page, target }: Link): string {
  return posix.join(posix.dirname(page), target);
}

/** The first argument of every call of `test` or `it`, whatever stands between the name and its parenthesis. */
function titlesIn(source: string): readonly string[] {
  return [
    ...source.matchAll(/\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`),/g),
  ].map(([, single, double, template]) => (single ?? double ?? template ?? '').replaceAll(/\\(.)/g, '$1'));
}

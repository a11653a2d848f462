import { expect, test } from 'vitest';
import { textOf } from './markdown.ts';
import { testsNamedOn, titlesBehind } from './named-tests.ts';

const PAGE = 'docs/lessons.md';

const named = testsNamedOn(PAGE);

test.each(named.map((link) => [`${PAGE}:${link.line}`, link] as const))(
  'a test that %s names exists',
  (_, link) => {
    expect(titlesBehind(link), `a test of this title in ${link.target}`).toContain(link.text);
  },
);

test('every lesson names the tests that would fail', () => {
  const rows = textOf(PAGE)
    .split('\n')
    .map((text, at) => ({ text, line: at + 1 }))
    .filter(({ text }) => text.startsWith('| ') && !/^\| (what went wrong|---) /.test(text));
  expect(rows.length).toBeGreaterThan(50);
  const lines = new Set(named.map(({ line }) => line));
  expect(rows.filter(({ line }) => !lines.has(line))).toEqual([]);
});

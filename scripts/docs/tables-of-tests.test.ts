import { describe, expect, test } from 'vitest';
import { textOf } from './markdown.ts';
import { testsNamedOn, titlesBehind } from './named-tests.ts';

describe.each([
  ['docs/lessons.md', 50],
  ['docs/rules.md', 20],
])('%s', (page, atLeast) => {
  const named = testsNamedOn(page);

  test.each(named.map((link) => [link.line, link] as const))(
    'names a test in line %i that exists',
    (_, link) => {
      expect(titlesBehind(link), `a test of this title in ${link.target}`).toContain(link.text);
    },
  );

  test('names the tests that would fail in each row', () => {
    const rows = textOf(page)
      .split('\n')
      .map((text, at) => ({ text, line: at + 1 }))
      .filter(({ text }) => text.startsWith('| ') && !/^\| (what went wrong|rule|---) /.test(text));
    expect(rows.length).toBeGreaterThan(atLeast);
    const lines = new Set(named.map(({ line }) => line));
    expect(rows.filter(({ line }) => !lines.has(line))).toEqual([]);
  });
});

import { posix } from 'node:path';
import { type Link, linksOf, textOf } from './markdown.ts';

/** Links whose text is the title of a test in the file that they lead to: at the start of a list's item, or in a table. */
export function testsNamedOn(page: string): readonly Link[] {
  const lines = textOf(page).split('\n');
  return linksOf(page).filter(({ line, text, target }) => {
    const prose = lines[line - 1] ?? '';
    return prose.startsWith(`- [${text}]`) || (prose.startsWith('| ') && target.endsWith('.ts'));
  });
}

/** The titles of the tests in the file that a link leads to. */
export function titlesBehind({ page, target }: Link): readonly string[] {
  return titlesIn(textOf(posix.join(posix.dirname(page), target)));
}

/** The first argument of every call of `test` or `it`, whatever stands between the name and its parenthesis. */
function titlesIn(source: string): readonly string[] {
  return [
    ...source.matchAll(/\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`),/g),
  ].map(([, single, double, template]) => (single ?? double ?? template ?? '').replaceAll(/\\(.)/g, '$1'));
}

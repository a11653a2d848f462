import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf, exists, type Link, linksOf, pages } from './markdown.ts';

const isOutside = ({ target }: Link) => /^https?:/.test(target);

describe.each(pages())('%s', (page) => {
  test('links to files and headings that exist', () => {
    expect(
      linksOf(page)
        .filter((link) => !isOutside(link) && !leadsSomewhere(link))
        .map(({ line, target }) => `${page}:${line} leads to ${target}`),
    ).toEqual([]);
  });
});

test('every page is reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const page of reached) {
    for (const link of linksOf(page).filter((each) => !isOutside(each))) {
      const { path } = partsOf(link);
      if (path.endsWith('.md') && exists(path)) reached.add(path);
    }
  }
  expect(pages().filter((page) => !reached.has(page))).toEqual([]);
});

function leadsSomewhere(link: Link): boolean {
  const { path, anchor } = partsOf(link);
  return exists(path) && (anchor === '' || anchorsOf(path).includes(anchor));
}

/** A link's file from the project's root, and the heading in it. */
function partsOf({ page, target }: Link): { readonly path: string; readonly anchor: string } {
  const [file = '', anchor = ''] = target.split('#');
  return { path: file === '' ? page : posix.join(posix.dirname(page), file), anchor };
}

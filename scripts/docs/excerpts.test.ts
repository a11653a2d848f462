import { describe, expect, test } from 'vitest';
import { type Block, blocksOf, exists, pages, textOf } from './markdown.ts';

const blocks = pages().flatMap(blocksOf);
const excerpts = blocks.filter(({ note }) => note.startsWith('from '));

describe.each(pages())('%s', (page) => {
  test('marks each block of code with the file that it is taken from', () => {
    const unmarked = blocksOf(page).filter(
      ({ language, note }) => ['ts', 'sql'].includes(language) && !note.startsWith('from '),
    );
    expect(unmarked.map(placeOf)).toEqual([]);
  });
});

test.each(excerpts.map((block) => [`${placeOf(block)}, ${block.note}`, block] as const))(
  'the lines at %s are there, in this order',
  (_, block) => {
    const path = block.note.slice('from '.length);
    expect(exists(path), path).toBe(true);
    expect(missingLines(block.text, textOf(path))).toBe('');
  },
);

describe('the search for lines', () => {
  const source = 'function a() {\n  if (x) {\n    b();\n    c();\n  }\n}\n';

  test('takes what is left out, and another indentation, as they are', () => {
    expect(missingLines('function a() {\n// ...\nb();\nc();', source)).toBe('');
    expect(missingLines('if (x) {\n  // ...\n  c();', source)).toBe('');
  });

  test('names the lines that are not there, or not in this order', () => {
    expect(missingLines('b();\nd();', source)).toBe('b();\nd();');
    expect(missingLines('c();\n// ...\nb();', source)).toBe('b();');
    expect(missingLines('if (x) {\nb();', source)).toBe('if (x) {\nb();');
  });
});

function placeOf({ page, line }: Block): string {
  return `${page}:${line}`;
}

/** The first lines of an excerpt that its source does not hold; empty where it holds all. `// ...` leaves lines out. */
function missingLines(excerpt: string, source: string): string {
  const lines = source.split('\n');
  let from = 0;
  for (const part of excerpt.split(/^ *(?:\/\/|--) \.\.\.$/m)) {
    const wanted = part.split('\n').filter((line, at, all) => line !== '' || (at > 0 && at < all.length - 1));
    const found = placeIn(lines, wanted, from);
    if (found === undefined) return wanted.join('\n');
    from = found + wanted.length;
  }
  return '';
}

function placeIn(lines: readonly string[], wanted: readonly string[], from: number): number | undefined {
  for (let at = from; at + wanted.length <= lines.length; at++) {
    const first = lines[at] ?? '';
    const indentation = first.slice(0, Math.max(0, first.length - (wanted[0] ?? '').length));
    if (indentation.trim() !== '') continue;
    const same = wanted.every((line, k) => lines[at + k] === (line === '' ? '' : indentation + line));
    if (same) return at;
  }
  return undefined;
}

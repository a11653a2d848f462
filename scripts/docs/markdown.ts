import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** A fenced block of a page. */
export interface Block {
  /** Path of the page from the project's root. */
  readonly page: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  /** The comment on the line before the fence: what a test does with the block. Empty where there is none. */
  readonly note: string;
  readonly text: string;
}

export interface Link {
  readonly page: string;
  readonly line: number;
  readonly text: string;
  readonly target: string;
}

/** Every page for people, by its path from the project's root. */
export function pages(): readonly string[] {
  const inDocs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  const atTop = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  const ofPackages = readdirSync(join(ROOT, 'packages'))
    .map((name) => `packages/${name}/README.md`)
    .filter(exists);
  return [...atTop, ...inDocs, ...ofPackages].sort();
}

export function blocksOf(page: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = linesOf(page);
  for (let at = 0; at < lines.length; at++) {
    const language = /^```(\w*)$/.exec(lines[at] ?? '')?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`${page}:${at + 1}: the block is never closed`);
    const note = /^<!-- (.*) -->$/.exec(lines[at - 1] ?? '')?.[1] ?? '';
    blocks.push({ page, line: at + 1, language, note, text: lines.slice(at + 1, end).join('\n') });
    at = end;
  }
  return blocks;
}

/** Links outside of blocks, in their order. */
export function linksOf(page: string): readonly Link[] {
  return proseOf(page).flatMap((text, index) =>
    [...text.matchAll(/\[(?<text>(?:[^\]`]|`[^`]*`)*)\]\((?<target>[^)\s]+)\)/g)].map(({ groups }) => ({
      page,
      line: index + 1,
      text: groups?.text ?? '',
      target: groups?.target ?? '',
    })),
  );
}

/** The names by which a page's headings can be linked to, as GitHub makes them. */
export function anchorsOf(page: string): readonly string[] {
  return proseOf(page)
    .map((line) => /^#+ (?<title>.*)$/.exec(line)?.groups?.title)
    .filter((title) => title !== undefined)
    .map((title) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function exists(path: string): boolean {
  return existsSync(join(ROOT, path));
}

function linesOf(page: string): readonly string[] {
  return textOf(page).split('\n');
}

/** The page's lines; those of blocks are empty. */
function proseOf(page: string): readonly string[] {
  let inside = false;
  return linesOf(page).map((line) => {
    const fence = line.startsWith('```');
    if (fence) inside = !inside;
    return inside || fence ? '' : line;
  });
}

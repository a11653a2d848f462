import { Option } from 'commander';
import { defined } from './defined.ts';
import { type Column, tableLines } from './table.ts';

export interface ListFlags {
  readonly limit?: string;
  readonly cursor?: string;
}

export const LIST_OPTIONS: readonly Option[] = [
  new Option('--limit <number>', 'how many lines at most, 1 to 200; default 50'),
  new Option('--cursor <cursor>', 'the next lines, as the end of the lines before names them'),
];

export function pageQuery({ limit, cursor }: ListFlags) {
  return defined({ limit, cursor });
}

/** A page of a list, as the bank answers it. */
export interface Page<Item> {
  readonly data: readonly Item[];
  readonly page: { readonly next: string | null };
}

/** Shows a page as a table, and how to see the next one. */
export function showPage<Item>(columns: readonly Column<Item>[]) {
  return ({ data, page }: Page<Item>): readonly string[] => {
    if (data.length === 0 && page.next === null) return ['There are none.'];
    const more = page.next === null ? [] : ['', `There is more: the same command with --cursor ${page.next}`];
    return [...tableLines(columns, data), ...more];
  };
}

import { badValue } from '../command-error.ts';
import { compareTexts } from '../values/compare.ts';
import type { Document } from '../values/document.ts';
import { EMPTY_ARRAY, keyString } from '../values/key-string.ts';
import { pathOf, valuesAt } from '../values/path.ts';

/** One field of a sort. */
export interface SortField {
  readonly name: string;
  readonly path: readonly string[];
  readonly descending: boolean;
}

export function sortFields(sort: Document): readonly SortField[] {
  return Object.entries(sort).map(([name, direction]) => {
    const sign = Number(direction);
    if (sign !== 1 && sign !== -1)
      throw badValue(`$sort key ordering must be 1 (for ascending) or -1 (for descending)`);
    return { name, path: pathOf(name), descending: sign < 0 };
  });
}

/** Sorts stably: what is equal keeps its order. */
export function sorted<T>(
  items: readonly T[],
  fields: readonly SortField[],
  documentOf: (item: T) => unknown,
): T[] {
  const keyed = items.map((item) => ({
    item,
    keys: fields.map((field) => sortKey(documentOf(item), field)),
  }));
  keyed.sort((a, b) => compareKeys(a.keys, b.keys, fields));
  return keyed.map(({ item }) => item);
}

function compareKeys(a: readonly string[], b: readonly string[], fields: readonly SortField[]): number {
  for (const [at, { descending }] of fields.entries()) {
    const order = compareTexts(a[at] ?? '', b[at] ?? '');
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

/** An array sorts by its smallest element upwards and by its greatest downwards, an empty one before null. */
function sortKey(document: unknown, { path, descending }: SortField): string {
  const keys = valuesAt(document, path).flatMap(keysOfValue);
  const [first = keyString(null), ...others] = keys;
  return others.reduce((best, key) => ((descending ? key > best : key < best) ? key : best), first);
}

function keysOfValue(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [keyString(value)];
  return value.length === 0 ? [EMPTY_ARRAY] : value.map(keyString);
}

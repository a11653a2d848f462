import { isDocument } from './document.ts';

/** The names of a dotted path. */
export function pathOf(path: string): readonly string[] {
  return path.split('.');
}

/**
 * The values that a path of a filter leads to: one for each way through the arrays on it; `undefined` where the last
 * field is missing. Scalars within an array on the way lead nowhere.
 */
export function valuesAt(value: unknown, path: readonly string[], from = 0): readonly unknown[] {
  if (from === path.length) return [value];
  const name = path[from] ?? '';
  if (isDocument(value)) return valuesAt(own(value, name), path, from + 1);
  if (!Array.isArray(value)) return [undefined];
  const indexed = /^\d+$/.test(name) && Number(name) < value.length;
  const byIndex = indexed ? valuesAt(value[Number(name)], path, from + 1) : [];
  return [...byIndex, ...value.filter(isDocument).flatMap((element) => valuesAt(element, path, from))];
}

/** The value of a path that goes through documents only; `undefined` where there is none. */
export function valueAt(document: unknown, path: readonly string[]): unknown {
  let value = document;
  for (const name of path) {
    if (!isDocument(value)) return undefined;
    value = own(value, name);
  }
  return value;
}

export function own(document: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(document, name) ? document[name] : undefined;
}

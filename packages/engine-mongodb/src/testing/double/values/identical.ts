import { isDocument } from './document.ts';
import { keyString } from './key-string.ts';

/** Whether two values are stored alike: equal, of the same types, fields in the same order. Else an update changed it. */
export function identical(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && identicalArrays(a, b);
  if (isDocument(a)) return isDocument(b) && identicalDocuments(a, b);
  return !Array.isArray(b) && !isDocument(b) && keyString(a) === keyString(b);
}

function identicalArrays(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((element, i) => identical(element, b[i]));
}

function identicalDocuments(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): boolean {
  const names = Object.keys(a);
  const others = Object.keys(b);
  if (names.length !== others.length) return false;
  return names.every((name, i) => name === others[i] && identical(a[name], b[name]));
}

import { keyString } from './key-string.ts';

/** Compares as MongoDB sorts: negative, zero or positive. */
export function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (typeof a === 'number' && typeof b === 'number' && !Number.isNaN(a - b)) return a - b;
  return compareTexts(keyString(a), keyString(b));
}

export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function equalValues(a: unknown, b: unknown): boolean {
  return compareValues(a, b) === 0;
}

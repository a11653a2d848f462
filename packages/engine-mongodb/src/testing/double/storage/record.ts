import type { Document } from '../values/document.ts';

/** A place for one document. The document is replaced, never changed: who holds it holds it as it was. */
export interface StoredRecord {
  /** Rises in the order of insertion: the natural order. */
  readonly number: number;
  /** `number` as a text that sorts as it does. */
  readonly suffix: string;
  document: Document;
  /** The time (of the store's own counting) of the last change. */
  changedAt: number;
}

/** A change of one record: inserted without `before`, removed without `after`. */
export interface Change {
  readonly before?: Document;
  readonly after?: Document;
}

export function suffixOf(number: number): string {
  return String.fromCharCode(
    Math.floor(number / 2 ** 45),
    Math.floor(number / 2 ** 30) % 2 ** 15,
    Math.floor(number / 2 ** 15) % 2 ** 15,
    number % 2 ** 15,
  );
}

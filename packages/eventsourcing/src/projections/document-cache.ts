import type { FieldValue } from './read-model-store.ts';

/** A document as it is stored: its revision, and its fields unless it is deleted. */
export interface KnownDocument {
  readonly revision: number;
  readonly fields: Readonly<Record<string, FieldValue>> | undefined;
}

/** The documents that were last in use, a bounded number of them. */
export interface DocumentCache {
  get(id: string): KnownDocument | undefined;
  set(id: string, document: KnownDocument): void;
}

/**
 * Two generations: what is used moves to the young one; when that is full, it becomes the old one, and what nobody
 * used since is dropped. It costs one or two look-ups and no list to keep in order.
 */
export function createDocumentCache(capacity: number): DocumentCache {
  let young = new Map<string, KnownDocument>();
  let old = new Map<string, KnownDocument>();

  function set(id: string, document: KnownDocument): void {
    if (young.size >= capacity / 2 && !young.has(id)) {
      old = young;
      young = new Map();
    }
    young.set(id, document);
  }

  return {
    set,
    get(id) {
      const recent = young.get(id);
      if (recent !== undefined) return recent;
      const older = old.get(id);
      if (older !== undefined) set(id, older);
      return older;
    },
  };
}

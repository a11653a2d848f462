import { createDocumentCache, type KnownDocument } from './document-cache.ts';
import type { DocumentChange } from './read-model-store.ts';

/** The documents of a projection that are at hand: those changed since the last write, and stored ones last in use. */
export interface WorkingSet {
  /** Undefined where it is not at hand, stored or not. */
  get(id: string): KnownDocument | undefined;
  /** The document is now so; `before` is what it was, undefined where there was none. */
  change(id: string, before: KnownDocument | undefined, now: KnownDocument): void;
  /** What is to be written: each document once. */
  changes(): readonly DocumentChange[];
  /** The changes have been written. */
  written(): void;
  /** Nothing in it is sure any more. */
  forget(): void;
}

export function createWorkingSet(cachedDocuments: number): WorkingSet {
  let cache = createDocumentCache(cachedDocuments);
  let changed = new Map<string, Writable<DocumentChange>>();
  return {
    get: (id) => changed.get(id) ?? cache.get(id),
    change(id, before, { revision, fields }) {
      const change = changed.get(id);
      if (change === undefined) changed.set(id, { id, from: before?.revision, revision, fields });
      else {
        change.revision = revision;
        change.fields = fields;
      }
    },
    changes: () => [...changed.values()],
    written() {
      for (const change of changed.values()) cache.set(change.id, change);
      changed = new Map();
    },
    forget() {
      cache = createDocumentCache(cachedDocuments);
      changed = new Map();
    },
  };
}

type Writable<Value> = { -readonly [Name in keyof Value]: Value[Name] };

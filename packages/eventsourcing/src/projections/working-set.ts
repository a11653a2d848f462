import type { DocumentChange } from './read-model-store.ts';

/** A document at hand. Its revision is undefined while there is none, its fields also where it is deleted. */
export interface Working {
  readonly id: string;
  revision: number | undefined;
  fields: DocumentChange['fields'];
  /** The revision that is stored. */
  stored: number | undefined;
  changed: boolean;
}

/** The documents of a projection that are at hand: those changed since the last write, and stored ones last in use. */
export interface WorkingSet {
  get(id: string): Working | undefined;
  /** As it is stored; undefined where it is not. */
  add(id: string, stored: StoredState | undefined): Working;
  change(document: Working, revision: number, fields: DocumentChange['fields']): void;
  /** What is to be written: each document once. */
  changes(): readonly DocumentChange[];
  /** The changes have been written. */
  written(): void;
  /** Nothing in it is sure any more. */
  forget(): void;
}

type StoredState = { readonly revision: number; readonly fields: DocumentChange['fields'] };

/**
 * Two generations, so that no list must be kept in order: what is used moves to the young one; once that holds half of
 * the capacity, it becomes the old one, and what nobody has used since is dropped. That happens after a write, so that
 * nothing is dropped that is not stored.
 */
export function createWorkingSet(capacity: number): WorkingSet {
  let young = new Map<string, Working>();
  let old = new Map<string, Working>();
  let changed: Working[] = [];
  return {
    get(id) {
      const recent = young.get(id);
      if (recent !== undefined) return recent;
      const older = old.get(id);
      if (older !== undefined) young.set(id, older);
      return older;
    },
    add(id, stored) {
      const { revision, fields } = stored ?? { revision: undefined, fields: undefined };
      const document = { id, revision, fields, stored: revision, changed: false };
      young.set(id, document);
      return document;
    },
    change(document, revision, fields) {
      document.revision = revision;
      document.fields = fields;
      if (document.changed) return;
      document.changed = true;
      changed.push(document);
    },
    changes: () =>
      changed.map(({ id, stored, revision = 0, fields }) => ({ id, from: stored, revision, fields })),
    written() {
      for (const document of changed) {
        document.stored = document.revision;
        document.changed = false;
      }
      changed = [];
      if (young.size < capacity / 2) return;
      old = young;
      young = new Map();
    },
    forget() {
      young = new Map();
      old = new Map();
      changed = [];
    },
  };
}

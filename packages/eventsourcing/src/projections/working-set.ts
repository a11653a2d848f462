import type { Position } from '../event.ts';
import type { DocumentChange } from './read-model-store.ts';

/** A document at hand. Its revision is undefined while there is none, its fields also where it is deleted. */
export interface Working {
  readonly id: string;
  revision: number | undefined;
  fields: DocumentChange['fields'];
  /** Of the last event that it has folded, where it is fed in the order of the log: written as a field of it. */
  position: Position | undefined;
  /** The revision that is stored. */
  stored: number | undefined;
  /** Events folded into it since it was last written. */
  events: number;
}

/** What a document was at some moment. */
export type WorkingState = Pick<Working, 'revision' | 'fields' | 'position' | 'events'>;

/** The documents of a projection that are at hand: those changed since the last write, and stored ones last in use. */
export interface WorkingSet {
  get(id: string): Working | undefined;
  /** As it is stored; undefined where it is not. */
  add(id: string, stored: StoredState | undefined): Working;
  change(document: Working, revision: number, fields: DocumentChange['fields']): void;
  /** Takes changes of a document back. */
  restore(document: Working, before: WorkingState): void;
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
 *
 * New documents stay apart until they are written, and only those that a second event has fed are kept: there are read
 * models, such as lines of a statement, whose documents are never touched again, and they would push all others out.
 */
export function createWorkingSet(capacity: number): WorkingSet {
  let fresh = new Map<string, Working>();
  let young = new Map<string, Working>();
  let old = new Map<string, Working>();
  let changed: Working[] = [];
  return {
    get(id) {
      const recent = fresh.get(id) ?? young.get(id);
      if (recent !== undefined) return recent;
      const older = old.get(id);
      if (older !== undefined) young.set(id, older);
      return older;
    },
    add(id, stored) {
      const { revision, fields } = stored ?? { revision: undefined, fields: undefined };
      const document = { id, revision, fields, position: undefined, stored: revision, events: 0 };
      (stored === undefined ? fresh : young).set(id, document);
      return document;
    },
    change(document, revision, fields) {
      document.revision = revision;
      document.fields = fields;
      if (document.events++ === 0) changed.push(document);
    },
    restore(document, { revision, fields, position, events }) {
      document.revision = revision;
      document.fields = fields;
      document.position = position;
      document.events = events;
      if (events === 0) changed = changed.filter((other) => other !== document);
    },
    changes: () => changed.map(changeOf),
    written() {
      for (const document of changed) {
        if (document.stored === undefined && document.events > 1) young.set(document.id, document);
        document.stored = document.revision;
        document.events = 0;
      }
      changed = [];
      fresh = new Map();
      if (young.size < capacity / 2) return;
      old = young;
      young = new Map();
    },
    forget() {
      fresh = new Map();
      young = new Map();
      old = new Map();
      changed = [];
    },
  };
}

function changeOf({ id, stored, revision = 0, fields, position }: Working): DocumentChange {
  const positioned = position === undefined || fields === undefined ? fields : { ...fields, position };
  return { id, from: stored, revision, fields: positioned };
}

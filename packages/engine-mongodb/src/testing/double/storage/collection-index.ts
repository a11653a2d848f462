import { CommandError } from '../command-error.ts';
import { compileFilter, type Matcher } from '../query/filter.ts';
import type { Document } from '../values/document.ts';
import { valuesAt } from '../values/path.ts';
import { type DocumentKeys, type IndexField, indexFields, keysOf } from './index-keys.ts';
import { createOrderedKeys, type OrderedKeys } from './ordered-keys.ts';
import type { Change, StoredRecord } from './record.ts';

/** What an index was declared with. */
export interface IndexSpec {
  readonly v: 2;
  readonly key: Document;
  readonly name: string;
  readonly unique?: boolean;
  readonly sparse?: boolean;
  readonly partialFilterExpression?: Document;
}

/** An index of one collection, kept with each change. */
export interface CollectionIndex {
  readonly spec: IndexSpec;
  readonly fields: readonly IndexField[];
  readonly unique: boolean;
  /** Whether any document had an array in an indexed field: then a record can be found more than once. */
  readonly multikey: boolean;
  readonly entries: OrderedKeys<StoredRecord>;
  /** By the exact key, in a unique index. */
  lookUp(key: string): StoredRecord | undefined;
  /** Whether a document holds everything of the index: it may be partial or sparse. */
  readonly complete: boolean;
  /** What makes a change here. Throws `DuplicateKey` where another record has a key of the new document. */
  prepare(record: StoredRecord, change: Change): () => void;
}

const NO_KEYS: DocumentKeys = { keys: [], multikey: false };

export function createIndex(namespace: string, spec: IndexSpec): CollectionIndex {
  const fields = indexFields(spec.key);
  const unique = spec.unique === true || spec.name === '_id_';
  const covers = coverage(spec, fields);
  const owners = new Map<string, StoredRecord>();
  const entries = createOrderedKeys<StoredRecord>();
  let multikey = false;

  function keys(document: Document | undefined): DocumentKeys {
    return document !== undefined && covers(document) ? keysOf(fields, document) : NO_KEYS;
  }

  function isTaken(key: string, record: StoredRecord): boolean {
    const owner = owners.get(key);
    return owner !== undefined && owner !== record;
  }

  function add(key: string, record: StoredRecord): void {
    entries.add(key + record.suffix, record);
    if (unique) owners.set(key, record);
  }

  function remove(key: string, record: StoredRecord): void {
    entries.delete(key + record.suffix);
    if (unique) owners.delete(key);
  }

  return {
    spec,
    fields,
    unique,
    entries,
    complete: spec.partialFilterExpression === undefined && spec.sparse !== true,
    get multikey() {
      return multikey;
    },
    lookUp: (key) => owners.get(key),
    prepare(record, { before, after }) {
      const old = keys(before).keys;
      const made = keys(after);
      if (unique && after !== undefined && made.keys.some((key) => isTaken(key, record))) {
        throw duplicateKey(namespace, spec, fields, after);
      }
      return () => {
        if (made.multikey) multikey = true;
        for (const key of old) if (!made.keys.includes(key)) remove(key, record);
        for (const key of made.keys) if (!old.includes(key)) add(key, record);
      };
    },
  };
}

function coverage(spec: IndexSpec, fields: readonly IndexField[]): Matcher {
  const { partialFilterExpression, sparse } = spec;
  if (partialFilterExpression !== undefined) return compileFilter(partialFilterExpression, {});
  if (sparse !== true) return () => true;
  return (document) =>
    fields.some(({ path }) => valuesAt(document, path).some((value) => value !== undefined));
}

function duplicateKey(
  namespace: string,
  spec: IndexSpec,
  fields: readonly IndexField[],
  document: Document,
): CommandError {
  const keyValue = Object.fromEntries(
    fields.map(({ name, path }) => [name, valuesAt(document, path)[0] ?? null]),
  );
  const shown = Object.entries(keyValue).map(([name, value]) => `${name}: ${shownValue(value)}`);
  return new CommandError(
    11000,
    'DuplicateKey',
    `E11000 duplicate key error collection: ${namespace} index: ${spec.name} dup key: { ${shown.join(', ')} }`,
    { details: { keyPattern: spec.key, keyValue } },
  );
}

function shownValue(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

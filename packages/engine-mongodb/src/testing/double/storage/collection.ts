import { calculateObjectSize } from 'bson';
import { CommandError } from '../command-error.ts';
import { type CollectionIndex, createIndex, type IndexSpec } from './collection-index.ts';
import { type Change, type StoredRecord, suffixOf } from './record.ts';

/** Documents with their indexes. Each change of one document happens whole or not at all. */
export interface Collection {
  readonly namespace: string;
  readonly indexes: ReadonlyMap<string, CollectionIndex>;
  readonly idIndex: CollectionIndex;
  /** In natural order. */
  readonly records: ReadonlySet<StoredRecord>;
  addIndex(spec: IndexSpec): void;
  dropIndex(name: string): void;
  newRecord(): StoredRecord;
  /** Throws `DuplicateKey`, or what an index says of the document; then nothing has changed. */
  apply(record: StoredRecord, change: Change): void;
}

/** Bytes: the manual's "BSON Document Size". */
const LARGEST_DOCUMENT = 16 * 1024 * 1024;

const ID_INDEX: IndexSpec = { v: 2, key: { _id: 1 }, name: '_id_' };

export function createCollection(namespace: string): Collection {
  const idIndex = createIndex(namespace, ID_INDEX);
  const indexes = new Map([[ID_INDEX.name, idIndex]]);
  const records = new Set<StoredRecord>();
  let lastNumber = 0;

  return {
    namespace,
    indexes,
    idIndex,
    records,
    addIndex(spec) {
      const index = createIndex(namespace, spec);
      for (const record of records) {
        index.prepare(record, { after: record.document })();
      }
      indexes.set(spec.name, index);
    },
    dropIndex: (name) => void indexes.delete(name),
    newRecord() {
      lastNumber++;
      return { number: lastNumber, suffix: suffixOf(lastNumber), document: {}, changedAt: 0 };
    },
    apply(record, change) {
      checkSize(change);
      const steps = Array.from(indexes.values(), (index) => index.prepare(record, change));
      for (const step of steps) step();
      if (change.after === undefined) records.delete(record);
      else {
        record.document = change.after;
        if (change.before === undefined) records.add(record);
      }
    },
  };
}

function checkSize({ before, after }: Change): void {
  const size = after === undefined ? 0 : calculateObjectSize(after);
  if (size <= LARGEST_DOCUMENT) return;
  if (before === undefined) {
    const message = `object to insert too large. size in bytes: ${size}, max size: ${LARGEST_DOCUMENT}`;
    throw new CommandError(10334, 'BSONObjectTooLarge', message);
  }
  const message = `Resulting document after update is larger than ${LARGEST_DOCUMENT}`;
  throw new CommandError(17419, 'Location17419', message);
}

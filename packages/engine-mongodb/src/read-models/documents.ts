import {
  checkDocument,
  type Document,
  type DocumentChange,
  EventSourcingError,
  type FieldType,
  type FieldValue,
  type ReadModel,
  type StoredDocument,
} from '@openbank/eventsourcing';
import { fromBson, toBson } from './json-values.ts';
import type { Row } from './rows.ts';

/**
 * What a change makes of its document. Fields lie in it as they are, integers as 64-bit ones; of a deleted document the
 * revision alone is left.
 *
 * @throws EventSourcingError `document-refused` - it is not what the model declares
 */
export function rowOf(model: ReadModel, { id, revision, fields }: DocumentChange): Row {
  if (fields === undefined) return { _id: id, revision, deleted: true };
  checkDocument(model, id, fields);
  const row: { [field: string]: unknown; readonly _id: string } = { _id: id, revision, deleted: false };
  for (const name in model.fields) {
    const value = fields[name] ?? null;
    row[name] = model.fields[name] === 'json' ? toBson(value) : value;
  }
  return row;
}

/** @throws EventSourcingError `store-damaged` - it is not what was written */
export function documentOf(model: ReadModel, row: Row): Document {
  const fields: Record<string, FieldValue> = {};
  for (const name in model.fields) {
    const value = fieldValue(model.fields[name], row[name]);
    if (value === undefined) throw damagedDocument(model, row._id, name);
    fields[name] = value;
  }
  return { ...identity(model, row), fields };
}

export function storedDocumentOf(model: ReadModel, row: Row): StoredDocument {
  if (row.deleted === false) return { ...documentOf(model, row), deleted: false };
  return { ...identity(model, row), fields: {}, deleted: true };
}

function identity(model: ReadModel, row: Row): Pick<Document, 'id' | 'revision'> {
  const { _id: id, revision } = row;
  if (typeof id !== 'string' || typeof revision !== 'number') throw damagedDocument(model, id, 'revision');
  return { id, revision };
}

/** Undefined where it is not of the type. */
function fieldValue(type: FieldType | undefined, value: unknown): FieldValue | undefined {
  if (value === null) return null;
  if (type === 'json') return fromBson(value);
  if (type === 'integer') return typeof value === 'bigint' ? value : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Names the document and the field, never a value. */
function damagedDocument(model: ReadModel, id: unknown, field: string): EventSourcingError {
  const document = typeof id === 'string' ? `the document ${id}` : 'a document';
  return new EventSourcingError(
    'store-damaged',
    `${document} of ${model.name} version ${model.version} holds a ${field} that was never written: drop its collection, and it is made again from the log.`,
  );
}

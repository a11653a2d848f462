import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Document, FieldType, FieldValue, ReadModel, StoredDocument } from '@openbank/eventsourcing';

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** A field as its column keeps it. A json null is NULL, like any other. */
export function columnValue(type: FieldType, value: FieldValue | undefined): SQLInputValue {
  if (value === null || value === undefined) return null;
  if (type === 'json') return JSON.stringify(value);
  return typeof value === 'string' || typeof value === 'bigint' ? value : null;
}

/** Rows come with integers as bigints: money does not fit a number. */
export function documentOf(model: ReadModel, row: Row): Document {
  const fields: Record<string, FieldValue> = {};
  for (const name in model.fields) {
    const value = row[name];
    if (typeof value === 'string') fields[name] = model.fields[name] === 'json' ? JSON.parse(value) : value;
    else fields[name] = typeof value === 'bigint' ? value : null;
  }
  return { id: String(row.id), revision: Number(row.revision), fields };
}

export function storedDocumentOf(model: ReadModel, row: Row): StoredDocument {
  if (row.deleted === 0n) return { ...documentOf(model, row), deleted: false };
  return { id: String(row.id), revision: Number(row.revision), fields: {}, deleted: true };
}

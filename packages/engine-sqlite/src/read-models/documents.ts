import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Document, FieldType, FieldValue, ReadModel, StoredDocument } from '@openbank/eventsourcing';
import { damagedDocument } from './failures.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** A field as its column keeps it. A json null is NULL, like any other. */
export function columnValue(type: FieldType, value: FieldValue | undefined): SQLInputValue {
  if (value === null || value === undefined) return null;
  if (type === 'json') return JSON.stringify(value);
  return typeof value === 'string' || typeof value === 'bigint' ? value : null;
}

/**
 * Rows come with integers as bigints: 64 bits do not fit a number. SQLite checks the types of a `STRICT` table when it
 * writes, not when it reads.
 *
 * @throws EventSourcingError `store-damaged` - a column holds what was never written to it
 */
export function documentOf(model: ReadModel, row: Row): Document {
  const fields: Record<string, FieldValue> = {};
  for (const name in model.fields) {
    const value = fieldValue(model.fields[name], row[name]);
    if (value === undefined) throw damagedDocument(model, row.id, name);
    fields[name] = value;
  }
  return { ...identity(model, row), fields };
}

export function storedDocumentOf(model: ReadModel, row: Row): StoredDocument {
  if (row.deleted === 0n) return { ...documentOf(model, row), deleted: false };
  return { ...identity(model, row), fields: {}, deleted: true };
}

function identity(model: ReadModel, { id, revision }: Row): Pick<Document, 'id' | 'revision'> {
  if (typeof id !== 'string' || typeof revision !== 'bigint') throw damagedDocument(model, id, 'revision');
  return { id, revision: Number(revision) };
}

/** Undefined where it is not of the type. */
function fieldValue(type: FieldType | undefined, value: SQLOutputValue | undefined): FieldValue | undefined {
  if (value === null) return null;
  if (type === 'integer') return typeof value === 'bigint' ? value : undefined;
  if (typeof value !== 'string') return undefined;
  return type === 'json' ? parsed(value) : value;
}

function parsed(json: string): FieldValue | undefined {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

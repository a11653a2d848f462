import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  checkDocument,
  type DocumentChange,
  displaced,
  type ReadModel,
  readModelKey,
  type StoredDocument,
} from '@openbank/eventsourcing';
import { columnValue, storedDocumentOf } from './documents.ts';

/** The writing statements of one model on one connection, prepared once. */
export interface TableWriter {
  load(id: string): StoredDocument | undefined;
  /** Inside a transaction. Leaves a duplicate alone. */
  write(change: DocumentChange): void;
}

export function createTableWriter(database: DatabaseSync, model: ReadModel): TableWriter {
  const table = `"${readModelKey(model)}"`;
  const names = Object.keys(model.fields);
  const types = Object.values(model.fields);
  const load = database.prepare(`SELECT * FROM ${table} WHERE id = ?`);
  load.setReadBigInts(true);
  const insert = database.prepare(insertion(table, names));
  const update = database.prepare(replacement(table, names));

  return {
    load(id) {
      const row = load.get(id);
      return row && storedDocumentOf(model, row);
    },
    write(change) {
      if (change.fields !== undefined) checkDocument(model, change.id, change.fields);
      if (changedOne(change)) return;
      const stored = load.get(change.id);
      if (stored === undefined || Number(stored.revision) < change.revision) throw displaced(model);
    },
  };

  /** Whether the document was as the fold found it, and is now as the change says. */
  function changedOne({ id, from, revision, fields }: DocumentChange): boolean {
    const values: SQLInputValue[] = [revision, fields === undefined ? 1 : 0];
    for (let i = 0; i < names.length; i++) {
      values.push(columnValue(types[i] ?? 'text', fields?.[names[i] ?? '']));
    }
    values.push(id);
    return ran(
      from === undefined ? insert : update,
      from === undefined ? values : [...values, from, revision],
    );
  }
}

function ran(statement: StatementSync, values: readonly SQLInputValue[]): boolean {
  return Number(statement.run(...values).changes) === 1;
}

function insertion(table: string, names: readonly string[]): string {
  const columns = ['revision', 'deleted', ...names.map((name) => `"${name}"`), 'id'];
  const marks = columns.map(() => '?').join(', ');
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks}) ON CONFLICT DO NOTHING`;
}

function replacement(table: string, names: readonly string[]): string {
  const columns = ['revision', 'deleted', ...names.map((name) => `"${name}"`)];
  const assignments = columns.map((column) => `${column} = ?`).join(', ');
  return `UPDATE ${table} SET ${assignments} WHERE id = ? AND revision = ? AND revision < ?`;
}

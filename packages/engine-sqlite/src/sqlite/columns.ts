import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { EventSourcingError } from '@openbank/eventsourcing';

/** A row as SQLite gives it, by column. */
export type Columns = readonly unknown[];

/** A statement whose rows come as arrays: half the cost of objects. */
export function prepare(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}

/** The rows as they come, each for `columns`. */
export function rowsOf(statement: StatementSync, ...parameters: SQLInputValue[]): Iterable<unknown> {
  return statement.iterate(...parameters);
}

export function allRowsOf(statement: StatementSync, ...parameters: SQLInputValue[]): readonly Columns[] {
  return statement.all(...parameters).map(columns);
}

export function rowOf(statement: StatementSync, ...parameters: SQLInputValue[]): Columns | undefined {
  const row = statement.get(...parameters);
  return row === undefined ? undefined : columns(row);
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : wrongType('text');
}

export function count(value: unknown): number {
  return typeof value === 'number' ? value : wrongType('a number');
}

/** Rows come as arrays where the statement was told so; its types do not know that. */
export function columns(row: unknown): Columns {
  return Array.isArray(row) ? row : wrongType('a list of columns');
}

function wrongType(wanted: string): never {
  throw new EventSourcingError(
    'store-damaged',
    `A column does not hold ${wanted}: restore the file from a backup.`,
  );
}

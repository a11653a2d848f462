import { hash } from 'node:crypto';
import { CursorRefused, QueryRefused } from './errors.ts';
import type { FieldValue, Query, ReadModel } from './read-model-store.ts';

/** What can be compared and sorted. Null comes before everything, text goes by its UTF-8 bytes. */
export type Sortable = string | bigint | null;

/** A query that has been checked against its model, in a form that engines can execute without looking twice. */
export interface QueryPlan {
  readonly where: readonly (readonly [field: string, value: Sortable])[];
  readonly orderBy: string;
  readonly descending: boolean;
  readonly limit: number;
  /** Start after this document: the value that the last page ended with, and the id. */
  readonly after: { readonly value: Sortable; readonly id: string } | undefined;
  /** The cursor of a page that ends with this document. */
  cursor(document: { readonly id: string; readonly fields: Readonly<Record<string, FieldValue>> }): string;
}

/**
 * Checks a query. There must be an index of exactly the filtered fields, in any order, followed by the field to sort
 * by: so every page costs what it shows, at any size. Sorting by id needs no field in the index.
 *
 * @throws QueryRefused - no such index, or no such limit
 * @throws CursorRefused - the cursor was not handed out for this query
 */
export function planQuery(model: ReadModel, query: Query): QueryPlan {
  const orderBy = query.orderBy?.field ?? 'id';
  const descending = query.orderBy?.direction === 'descending';
  const filtered = Object.keys(query.where ?? {});
  requireIndex(model, filtered, orderBy);
  if (!Number.isSafeInteger(query.limit) || query.limit < 1) {
    throw new QueryRefused(`A page of ${model.name} cannot have ${query.limit} documents: 1 is the least.`);
  }
  const where = filtered.map((field) => [field, filterValue(model, field, query.where?.[field])] as const);
  const mark = queryMark(model, where, orderBy, descending);
  return {
    where,
    orderBy,
    descending,
    limit: query.limit,
    after: query.cursor === undefined ? undefined : readCursor(model, orderBy, mark, query.cursor),
    cursor: (document) => writeCursor(mark, document.fields[orderBy], document.id),
  };
}

function requireIndex(model: ReadModel, filtered: readonly string[], orderBy: string): void {
  const sorted = orderBy === 'id' ? [] : [orderBy];
  const wanted = filtered.length + sorted.length;
  if (wanted === 0) return;
  const fits = (index: readonly string[]): boolean =>
    index.length === wanted &&
    filtered.every((field) => index.indexOf(field) >= 0 && index.indexOf(field) < filtered.length) &&
    sorted.every((field) => index[filtered.length] === field);
  if (model.indexes.some(fits)) return;
  throw new QueryRefused(
    `${model.name} has no index [${[...filtered, ...sorted].join(', ')}]: declare it to filter and sort by it.`,
  );
}

function filterValue(model: ReadModel, field: string, value: Sortable | undefined): Sortable {
  if (value === null || typeof value === (model.fields[field] === 'integer' ? 'bigint' : 'string'))
    return value ?? null;
  throw new QueryRefused(`${model.name} cannot be filtered by this ${field}: it is ${model.fields[field]}.`);
}

/** Tells the cursors of different queries apart. The version is left out: a list goes on over a rebuild. */
function queryMark(
  model: ReadModel,
  where: QueryPlan['where'],
  orderBy: string,
  descending: boolean,
): string {
  const filters = where.map(([field, value]) => [field, typeof value, String(value)]).sort();
  return hash('sha256', JSON.stringify([model.name, filters, orderBy, descending]), 'base64url').slice(0, 8);
}

function writeCursor(mark: string, value: FieldValue | undefined, id: string): string {
  const sortValue = typeof value === 'bigint' ? String(value) : (value ?? null);
  return Buffer.from(JSON.stringify([mark, sortValue, id])).toString('base64url');
}

function readCursor(model: ReadModel, orderBy: string, mark: string, cursor: string): QueryPlan['after'] {
  const parts = parsedCursor(cursor);
  if (!Array.isArray(parts) || parts.length !== 3) throw new CursorRefused();
  const [cursorMark, value, id]: readonly unknown[] = parts;
  if (cursorMark !== mark || typeof id !== 'string') throw new CursorRefused();
  if (value === null) return { value, id };
  if (typeof value !== 'string') throw new CursorRefused();
  return { value: model.fields[orderBy] === 'integer' ? integer(value) : value, id };
}

function parsedCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw new CursorRefused();
  }
}

function integer(text: string): bigint {
  if (!/^-?\d{1,19}$/.test(text)) throw new CursorRefused();
  return BigInt.asIntN(64, BigInt(text));
}

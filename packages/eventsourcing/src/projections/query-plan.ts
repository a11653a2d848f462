import { hash } from 'node:crypto';
import { CursorRefused, QueryRefused } from './errors.ts';
import type { Document, DocumentFields, FieldValue, Page, Query, ReadModel } from './read-model-store.ts';
import { isInRange, type Range, type Sortable } from './sortable.ts';

/** A query that has been checked against its model, in a form that engines can execute without looking twice. */
export interface QueryPlan {
  readonly where: readonly (readonly [field: string, value: Sortable])[];
  readonly orderBy: string;
  readonly descending: boolean;
  /** Bounds of the field to sort by. */
  readonly range: Range | undefined;
  readonly limit: number;
  /** Start after this document: the value that the last page ended with, and the id. It is in the range. */
  readonly after: { readonly value: Sortable; readonly id: string } | undefined;
  /** The cursor of a page that ends with this document. */
  cursor(document: { readonly id: string; readonly fields: DocumentFields }): string;
}

/**
 * Checks a query. There must be an index of exactly the filtered fields, in any order, followed by the field to sort
 * by: so every page costs what it shows, at any size. Sorting by id needs no field in the index.
 *
 * @throws QueryRefused - no such index, no such limit, or a value that is not of the field's type
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
  const range = rangeOf(model, orderBy, query.range);
  const mark = queryMark(model, { where, orderBy, descending, range }, query.mark);
  return {
    where,
    orderBy,
    descending,
    range,
    limit: query.limit,
    after: query.cursor === undefined ? undefined : readCursor(model, { orderBy, range, mark }, query.cursor),
    cursor: (document) => writeCursor(mark, document.fields[orderBy], document.id),
  };
}

/** The page that a plan shows of the documents that were found: one more than are shown, where there is a next page. */
export function pageOf({ limit, cursor }: QueryPlan, found: readonly Document[]): Page {
  const documents = found.slice(0, limit);
  const last = documents.at(-1);
  return { documents, next: last && found.length > limit ? cursor(last) : undefined };
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
  if (value === null) return null;
  const given = ofField(model, field, value);
  if (given !== undefined) return given;
  throw new QueryRefused(`${model.name} cannot be filtered by this ${field}: it is ${model.fields[field]}.`);
}

/** A range without bounds is none. */
function rangeOf(model: ReadModel, orderBy: string, { from, to }: Query['range'] = {}): Range | undefined {
  if (from === undefined && to === undefined) return undefined;
  return { from: bound(model, orderBy, from), to: bound(model, orderBy, to) };
}

function bound(model: ReadModel, field: string, value: string | bigint | undefined): Range['from'] {
  if (value === undefined) return undefined;
  const given = ofField(model, field, value);
  if (given !== undefined) return given;
  const type = field === 'id' ? 'text' : model.fields[field];
  throw new QueryRefused(`${model.name} has no such range of ${field}: it is ${type}.`);
}

/** As stores keep it; undefined where the field cannot hold it. */
function ofField(model: ReadModel, field: string, value: Sortable | undefined): string | bigint | undefined {
  const isInteger = field !== 'id' && model.fields[field] === 'integer';
  if (typeof value === 'string') return isInteger ? undefined : value.toWellFormed();
  return typeof value === 'bigint' && isInteger && BigInt.asIntN(64, value) === value ? value : undefined;
}

/** Tells the cursors of different queries apart. The version is left out: a list goes on over a rebuild. */
function queryMark(
  model: ReadModel,
  { where, orderBy, descending, range }: Pick<QueryPlan, 'where' | 'orderBy' | 'descending' | 'range'>,
  callers: string | undefined,
): string {
  const filters = where.map(([field, value]) => [field, typeof value, String(value)]).sort();
  const bounds =
    range === undefined ? [] : [[range.from, range.to].map((value) => value?.toString() ?? null)];
  const own = callers === undefined ? [] : [callers];
  const parts = [model.name, filters, orderBy, descending, ...bounds, ...own];
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 8);
}

function writeCursor(mark: string, value: FieldValue | undefined, id: string): string {
  const sortValue = typeof value === 'bigint' ? String(value) : (value ?? null);
  return Buffer.from(JSON.stringify([mark, sortValue, id])).toString('base64url');
}

function readCursor(
  model: ReadModel,
  { orderBy, range, mark }: Pick<QueryPlan, 'orderBy' | 'range'> & { readonly mark: string },
  cursor: string,
): QueryPlan['after'] {
  const parts = parsedCursor(cursor);
  if (!Array.isArray(parts) || parts.length !== 3) throw new CursorRefused();
  const [cursorMark, text, id]: readonly unknown[] = parts;
  if (cursorMark !== mark || typeof id !== 'string') throw new CursorRefused();
  const value = cursorValue(model, orderBy, text);
  if (!isInRange(range, orderBy === 'id' ? id : value)) throw new CursorRefused();
  return { value, id };
}

function cursorValue(model: ReadModel, orderBy: string, text: unknown): Sortable {
  if (text === null) return null;
  if (typeof text !== 'string') throw new CursorRefused();
  return model.fields[orderBy] === 'integer' ? integer(text) : text;
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

import { badValue } from '../command-error.ts';
import type { Collection } from '../storage/collection.ts';
import type { CollectionIndex } from '../storage/collection-index.ts';
import type { StoredRecord } from '../storage/record.ts';
import { type Document, isDocument } from '../values/document.ts';
import { identical } from '../values/identical.ts';
import { keyString } from '../values/key-string.ts';
import { compileFilter, isOperators } from './filter.ts';
import { type Plan, planQuery } from './plan.ts';
import { sorted, sortFields } from './sort.ts';
import type { Variables } from './variables.ts';

/** A search in one collection. */
export interface Search {
  readonly filter: Document;
  readonly sort?: Document;
  readonly skip?: number;
  /** None: all. */
  readonly limit?: number;
  /** A name or a key pattern, which must be there. */
  readonly hint?: unknown;
  readonly variables: Variables;
}

/** Records of a search, and how many documents had to be looked at. */
export interface Found {
  readonly records: readonly StoredRecord[];
  readonly scanned: number;
}

export function search(
  collection: Collection,
  { filter, sort = {}, skip = 0, limit, ...more }: Search,
): Found {
  const matches = compileFilter(filter, more.variables);
  const hint = hinted(collection, more.hint);
  const byId = hint === undefined ? idOf(filter) : undefined;
  if (byId !== undefined) {
    const record = collection.idIndex.lookUp(byId);
    const records = record !== undefined && matches(record.document) ? [record] : [];
    return { records: records.slice(skip), scanned: record === undefined ? 0 : 1 };
  }
  const fields = sortFields(sort);
  const plan = planQuery(collection, filter, fields, hint);
  const most = limit === undefined || !plan.ordered ? Number.POSITIVE_INFINITY : skip + limit;
  const found: StoredRecord[] = [];
  let scanned = 0;
  for (const record of candidates(collection, plan)) {
    if (found.length >= most) break;
    scanned++;
    if (matches(record.document)) found.push(record);
  }
  const all = plan.ordered ? found : sorted(found, fields, ({ document }) => document);
  return { records: all.slice(skip, limit === undefined ? undefined : skip + limit), scanned };
}

/** The key of the only document that a filter can find, by its id. */
function idOf(filter: Document): string | undefined {
  const demanded = filter._id;
  const id = isOperators(demanded) ? demanded.$eq : demanded;
  if (id === undefined || id === null || id instanceof RegExp) return undefined;
  return keyString(id);
}

function* candidates(collection: Collection, { index, stretches, descending }: Plan): Iterable<StoredRecord> {
  if (index === undefined) {
    yield* collection.records;
    return;
  }
  for (const { from, to } of descending ? stretches.toReversed() : stretches) {
    yield* index.entries.range(from, to, descending);
  }
}

/** The index of a hint; none where natural order is hinted. */
export function hinted(collection: Collection, hint: unknown): CollectionIndex | undefined {
  if (hint === undefined || (isDocument(hint) && '$natural' in hint)) return undefined;
  for (const index of collection.indexes.values()) {
    if (index.spec.name === hint || identical(index.spec.key, hint)) return index;
  }
  throw badValue('error processing query: hint provided does not correspond to an existing index');
}

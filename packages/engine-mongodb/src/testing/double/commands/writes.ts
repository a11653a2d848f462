import { badValue, failedToParse } from '../command-error.ts';
import { search } from '../query/search.ts';
import type { Variables } from '../query/variables.ts';
import type { Collection } from '../storage/collection.ts';
import { withId } from '../updates/ids.ts';
import { compileUpdate, isReplacement, upserted } from '../updates/update.ts';
import { assertUpsertFilter } from '../updates/upsert-filter.ts';
import { type Document, documentOf, isDocument, isTrue, numberOf } from '../values/document.ts';
import { identical } from '../values/identical.ts';
import type { CommandContext } from './context.ts';

/** Inserts one document, with an id if it has none. */
export function insertOne({ journal }: CommandContext, collection: Collection, document: Document): void {
  journal.write(collection, collection.newRecord(), { after: withId(document) });
}

/** An update as a client asks for it. */
export interface UpdateRequest {
  readonly filter: Document;
  readonly update: unknown;
  readonly many: boolean;
  readonly upsert: boolean;
  readonly sort?: Document;
  readonly hint?: unknown;
  readonly constants: Variables;
}

export interface UpdateResult {
  readonly matched: number;
  readonly modified: number;
  /** The document that was inserted. */
  readonly inserted?: Document;
}

export function updateRequest(statement: Document): UpdateRequest {
  refuse(statement, ['collation', 'arrayFilters']);
  const many = isTrue(statement.multi);
  if (many && isReplacement(statement.u))
    throw failedToParse('multi update is not supported for replacement-style update');
  const filter = documentOf(statement.q, 'q');
  const upsert = isTrue(statement.upsert);
  if (upsert) assertUpsertFilter(filter);
  return {
    filter,
    update: statement.u,
    many,
    upsert,
    ...(isDocument(statement.sort) && { sort: statement.sort }),
    ...(statement.hint !== undefined && { hint: statement.hint }),
    constants: isDocument(statement.c) ? statement.c : {},
  };
}

/** Changes what is found, each document whole; or inserts one where none is found and the client wants that. */
export function updateDocuments(
  context: CommandContext,
  collection: Collection,
  request: UpdateRequest,
): UpdateResult {
  const { journal, now, counts } = context;
  const variables = { ...context.variables, ...request.constants };
  const apply = compileUpdate(request.update, variables, now);
  const { records, scanned } = search(collection, {
    ...request,
    variables,
    ...(!request.many && { limit: 1 }),
  });
  counts.scanned += scanned;
  if (records.length === 0 && request.upsert) {
    const inserted = upserted(request.filter, request.update, apply);
    journal.write(collection, collection.newRecord(), { after: inserted });
    return { matched: 0, modified: 0, inserted };
  }
  let modified = 0;
  for (const record of records) {
    const before = record.document;
    const after = apply(before, false);
    if (identical(before, after)) journal.touch(record);
    else {
      journal.write(collection, record, { before, after });
      modified++;
    }
  }
  return { matched: records.length, modified };
}

/** Removes what is found and answers how many. A limit of 0 is none. */
export function deleteDocuments(
  context: CommandContext,
  collection: Collection,
  statement: Document,
): number {
  refuse(statement, ['collation']);
  const limit = numberOf(statement.limit) ?? 0;
  const { records, scanned } = search(collection, {
    filter: documentOf(statement.q, 'q'),
    variables: context.variables,
    hint: statement.hint,
    ...(limit > 0 && { limit }),
  });
  context.counts.scanned += scanned;
  for (const record of records) context.journal.write(collection, record, { before: record.document });
  return records.length;
}

/** Refuses options that would be answered wrongly. */
export function refuse(statement: Document, options: readonly string[]): void {
  const given = options.find((option) => statement[option] !== undefined);
  if (given !== undefined) throw badValue(`the test double does not know the option ${given}`);
}

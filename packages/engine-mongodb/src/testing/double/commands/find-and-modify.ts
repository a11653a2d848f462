import { failedToParse } from '../command-error.ts';
import { compileProjection } from '../query/projection.ts';
import { search } from '../query/search.ts';
import type { Collection } from '../storage/collection.ts';
import type { StoredRecord } from '../storage/record.ts';
import { assertUpsertFilter } from '../updates/upsert-filter.ts';
import { type Document, documentOf, isDocument, isTrue, textOf } from '../values/document.ts';
import type { CommandContext } from './context.ts';
import { refuse, updateDocuments, updateRequest } from './writes.ts';

/** The command `findAndModify`: changes or removes one document and answers it as it was, or as it is. */
export function findAndModify(context: CommandContext): Document {
  const { command, store, database, variables, counts } = context;
  refuse(command, ['collation', 'arrayFilters']);
  const collection = store.ensure(
    database,
    textOf(command.findAndModify ?? command.findandmodify, 'findAndModify'),
  );
  const filter = documentOf(command.query ?? {}, 'query');
  if (isTrue(command.upsert)) assertUpsertFilter(filter);
  const sort = isDocument(command.sort) ? { sort: command.sort } : {};
  const { records, scanned } = search(collection, {
    filter,
    ...sort,
    limit: 1,
    variables,
    hint: command.hint,
  });
  counts.scanned += scanned;
  const [record] = records;
  if (isTrue(command.remove)) return remove(context, collection, record);
  if (command.update === undefined) throw failedToParse("Either an update or 'remove' must be specified");
  return update(context, collection, record, filter);
}

function remove(context: CommandContext, collection: Collection, record: StoredRecord | undefined): Document {
  if (record === undefined) return { lastErrorObject: { n: 0 }, value: null };
  const before = record.document;
  context.journal.write(collection, record, { before });
  return { lastErrorObject: { n: 1 }, value: shown(context, before) };
}

function update(
  context: CommandContext,
  collection: Collection,
  record: StoredRecord | undefined,
  filter: Document,
): Document {
  const { command } = context;
  const before = record?.document;
  // The document that the sort chose, by its id: the update itself finds no other one.
  const q = before === undefined ? filter : { _id: { $eq: before._id } };
  const request = updateRequest({ q, u: command.update, upsert: command.upsert });
  const { matched, inserted } = updateDocuments(context, collection, request);
  const after = inserted ?? record?.document;
  const value = isTrue(command.new) ? after : before;
  return {
    lastErrorObject: {
      n: matched + (inserted === undefined ? 0 : 1),
      updatedExisting: matched > 0,
      ...(inserted !== undefined && { upserted: inserted._id }),
    },
    value: value === undefined ? null : shown(context, value),
  };
}

function shown({ command, variables }: CommandContext, document: Document): Document {
  return isDocument(command.fields) ? compileProjection(command.fields, variables)(document) : document;
}

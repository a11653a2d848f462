import { Long } from 'bson';
import { badValue } from '../command-error.ts';
import type { Collection } from '../storage/collection.ts';
import { type Document, documentOf, documentsOf, isTrue, numberOf, textOf } from '../values/document.ts';
import type { CommandContext } from './context.ts';
import { runStatements } from './write-errors.ts';
import { deleteDocuments, insertOne, updateDocuments, updateRequest } from './writes.ts';

interface Totals {
  nErrors: number;
  nInserted: number;
  nMatched: number;
  nModified: number;
  nUpserted: number;
  nDeleted: number;
}

/** The command `bulkWrite` of MongoDB 8: statements on several collections. */
export function bulkWrite(context: CommandContext): Document {
  const { command } = context;
  const collections = documentsOf(command.nsInfo, 'nsInfo').map((info) =>
    collectionNamed(context, textOf(info.ns, 'ns')),
  );
  const totals: Totals = { nErrors: 0, nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };
  const results: Document[] = [];
  const errors = runStatements(
    documentsOf(command.ops, 'ops'),
    command.ordered !== false,
    (statement, idx) => {
      results.push({ ok: 1, idx, ...runStatement(context, collections, statement, totals) });
    },
  );
  totals.nErrors = errors.length;
  const failed = errors.map(({ index, ...error }) => ({ ok: 0, idx: index, n: 0, ...error }));
  const shown = isTrue(command.errorsOnly)
    ? failed
    : [...results, ...failed].sort((a, b) => place(a) - place(b));
  return { cursor: { id: Long.ZERO, firstBatch: shown, ns: 'admin.$cmd.bulkWrite' }, ...totals };
}

function place(result: Document): number {
  return numberOf(result.idx) ?? 0;
}

function collectionNamed({ store }: CommandContext, namespace: string): Collection {
  const [database = '', ...name] = namespace.split('.');
  return store.ensure(database, name.join('.'));
}

function runStatement(
  context: CommandContext,
  collections: readonly Collection[],
  statement: Document,
  totals: Totals,
): Document {
  const collection = collections[numberOf(statement.insert ?? statement.update ?? statement.delete) ?? -1];
  if (collection === undefined) throw badValue('BulkWrite ops entry has an invalid nsInfo index.');
  if ('insert' in statement) {
    insertOne(context, collection, documentOf(statement.document, 'document'));
    totals.nInserted++;
    return { n: 1 };
  }
  if ('update' in statement) return runUpdate(context, collection, statement, totals);
  const limit = isTrue(statement.multi) ? 0 : 1;
  const n = deleteDocuments(context, collection, { ...statement, q: statement.filter, limit });
  totals.nDeleted += n;
  return { n };
}

function runUpdate(
  context: CommandContext,
  collection: Collection,
  statement: Document,
  totals: Totals,
): Document {
  const { filter, updateMods, constants, ...options } = statement;
  const request = updateRequest({ ...options, q: filter, u: updateMods, c: constants });
  const { matched, modified, inserted } = updateDocuments(context, collection, request);
  totals.nMatched += matched;
  totals.nModified += modified;
  if (inserted === undefined) return { n: matched, nModified: modified };
  totals.nUpserted++;
  return { n: 1, nModified: 0, upserted: { _id: inserted._id } };
}

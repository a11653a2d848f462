import { badValue } from '../command-error.ts';
import { compileProjection } from '../query/projection.ts';
import { type Search, search } from '../query/search.ts';
import { compileStages } from '../query/stages.ts';
import { createCollection } from '../storage/collection.ts';
import type { StoredRecord } from '../storage/record.ts';
import {
  type Document,
  documentOf,
  documentsOf,
  isDocument,
  isTrue,
  numberOf,
  textOf,
} from '../values/document.ts';
import { keyString } from '../values/key-string.ts';
import { pathOf, valuesAt } from '../values/path.ts';
import type { CommandContext, Handler } from './context.ts';
import { refuse } from './writes.ts';

/** Commands that read documents. */
export const QUERIES: Readonly<Record<string, Handler>> = {
  find: (context) => {
    const { command, cursors, database, variables } = context;
    refuse(command, ['collation', 'tailable', 'min', 'max']);
    const records = found(context, textOf(command.find, 'find'), findOf(context));
    const project = isDocument(command.projection)
      ? compileProjection(command.projection, variables)
      : undefined;
    const documents = records.map(({ document }) => (project === undefined ? document : project(document)));
    return cursors.open(`${database}.${textOf(command.find, 'find')}`, documents, {
      batchSize: numberOf(command.batchSize),
      singleBatch: isTrue(command.singleBatch),
    });
  },
  aggregate: (context) => {
    const { command, cursors, database } = context;
    refuse(command, ['collation']);
    const documents = aggregated(context);
    const name = typeof command.aggregate === 'string' ? command.aggregate : '$cmd.aggregate';
    const batchSize = numberOf(documentOf(command.cursor ?? {}, 'cursor').batchSize);
    return cursors.open(`${database}.${name}`, documents, { batchSize });
  },
  count: (context) => {
    const { command } = context;
    const filter = documentOf(command.query ?? {}, 'query');
    const { skip, limit } = windowOf(command);
    return {
      n: found(context, textOf(command.count, 'count'), {
        filter,
        skip,
        ...limit,
        variables: context.variables,
      }).length,
    };
  },
  distinct: (context) => {
    const { command, variables } = context;
    const path = pathOf(textOf(command.key, 'key'));
    const filter = documentOf(command.query ?? {}, 'query');
    const records = found(context, textOf(command.distinct, 'distinct'), { filter, variables });
    const values = records.flatMap(({ document }) => valuesAt(document, path).flat());
    const byKey = new Map(
      values.filter((value) => value !== undefined).map((value) => [keyString(value), value]),
    );
    return { values: [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value) };
  },
};

/** What a `find` asks for. */
export function findOf({ command, variables }: CommandContext): Search {
  const { skip, limit } = windowOf(command);
  return {
    filter: documentOf(command.filter ?? {}, 'filter'),
    ...(isDocument(command.sort) && { sort: command.sort }),
    skip,
    ...limit,
    hint: command.hint,
    variables,
  };
}

/** A limit of 0 is none; a negative one means the same as its positive and one batch only. */
function windowOf(command: Document): { readonly skip: number; readonly limit: { readonly limit?: number } } {
  const skip = numberOf(command.skip) ?? 0;
  if (skip < 0) throw badValue("'skip' must be non-negative");
  const limit = Math.abs(numberOf(command.limit) ?? 0);
  return { skip, limit: limit === 0 ? {} : { limit } };
}

function found(
  { store, database, counts }: CommandContext,
  name: string,
  wanted: Search,
): readonly StoredRecord[] {
  const { records, scanned } = search(store.find(database, name) ?? NOT_THERE, wanted);
  counts.scanned += scanned;
  return records;
}

/** What is not there is empty; a wrong query is refused all the same. */
const NOT_THERE = createCollection('');

/** The first stages, where they are a filter, a sort and a window, are a search that can use an index. */
function aggregated(context: CommandContext): readonly Document[] {
  const { command, variables } = context;
  const stages = [...documentsOf(command.pipeline, 'pipeline')];
  if (typeof command.aggregate !== 'string') return compileStages(stages, variables)([]);
  const filter = takeStage(stages, '$match') ?? {};
  const sort = takeStage(stages, '$sort');
  const limit = takeNumber(stages, '$limit');
  const wanted = {
    filter: documentOf(filter, '$match'),
    ...(isDocument(sort) && { sort }),
    ...limit,
    hint: command.hint,
  };
  const records = found(context, command.aggregate, { ...wanted, variables });
  return compileStages(stages, variables)(records.map(({ document }) => document));
}

function takeStage(stages: Document[], name: string): unknown {
  const [first] = stages;
  if (first === undefined || !(name in first)) return undefined;
  stages.shift();
  return first[name];
}

function takeNumber(stages: Document[], name: string): { readonly limit?: number } {
  const limit = numberOf(takeStage(stages, name));
  return limit === undefined ? {} : { limit };
}

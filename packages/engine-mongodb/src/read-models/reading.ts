import {
  type Census,
  type Document,
  leastOf,
  type Page,
  pageOf,
  planQuery,
  type Query,
  type QueryPlan,
  type ReadModel,
} from '@openbank/eventsourcing';
import type { ClientSession, FindOptions } from 'mongodb';
import type { MongoConnection } from '../connection/connection.ts';
import { readCheckpoints } from './checkpoints.ts';
import { rowsOf } from './declarations.ts';
import { documentOf } from './documents.ts';
import { type Walk, walks } from './queries.ts';

const NOT_DELETED = { deleted: { $eq: false } } as const;

/** A read that sees one moment, however long it takes. */
const AT_ONE_MOMENT = { readConcern: { level: 'snapshot' } } as const;

export async function getDocument(
  { database, reading }: MongoConnection,
  model: ReadModel,
  id: string,
): Promise<Document | undefined> {
  const row = await rowsOf(database, model).findOne({ _id: { $eq: id }, ...NOT_DELETED }, reading);
  return row === null ? undefined : documentOf(model, row);
}

export async function getDocuments(
  { database, reading }: MongoConnection,
  model: ReadModel,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Document>> {
  if (ids.length === 0) return new Map();
  const options: FindOptions = { ...reading, ...AT_ONE_MOMENT, batchSize: ids.length + 1 };
  const found = await rowsOf(database, model)
    .find({ _id: { $in: [...ids] }, ...NOT_DELETED }, options)
    .toArray();
  const documents = found.map((row) => documentOf(model, row));
  return new Map(documents.map((document) => [document.id, document]));
}

/** @throws QueryRefused, CursorRefused */
export async function findPage(connection: MongoConnection, model: ReadModel, query: Query): Promise<Page> {
  const plan = planQuery(model, query);
  const several = walks(model, plan);
  const read = (options: FindOptions) => readPage(connection, model, { plan, several, options });
  // What changes between two walks could be in neither of them.
  if (several.length > 1)
    return atOneMoment(connection, (moment) => read({ ...connection.reading, ...moment }));
  // Totals belong together.
  return read(model.order === 'log' ? { ...connection.reading, ...AT_ONE_MOMENT } : connection.reading);
}

interface PageRead {
  readonly plan: QueryPlan;
  readonly several: readonly Walk[];
  readonly options: FindOptions;
}

async function readPage(
  { database }: MongoConnection,
  model: ReadModel,
  { plan, several, options }: PageRead,
): Promise<Page> {
  const found: Document[] = [];
  for (const { filter, sort } of several) {
    // One more than is shown tells whether there is a next page.
    const limit = plan.limit + 1 - found.length;
    if (limit === 0) break;
    const rows = rowsOf(database, model).find(filter, { ...options, sort, limit, batchSize: limit + 1 });
    for (const row of await rows.toArray()) found.push(documentOf(model, row));
  }
  return pageOf(plan, found);
}

/** Counts one by one: as long as the collection is large. */
export async function takeCensus(
  connection: MongoConnection,
  model: ReadModel,
  partitions: number,
): Promise<Census> {
  const { database, reading } = connection;
  return atOneMoment(connection, async (moment) => {
    const options = { ...reading, ...moment };
    const documents = await rowsOf(database, model).countDocuments(NOT_DELETED, options);
    const checkpoints = await readCheckpoints(database, model, partitions, options);
    return { documents, checkpoint: leastOf(checkpoints ?? []) };
  });
}

/** Options of reads that belong together. */
export interface Moment {
  readonly session: ClientSession;
  readonly readConcern: { readonly level: 'snapshot' };
}

/**
 * All that is read with the options is of the moment of the first read. They name the read concern: the driver would
 * take that of the client for these, too, which the server does not take at a given moment.
 */
export async function atOneMoment<Result>(
  { client }: MongoConnection,
  read: (moment: Moment) => Promise<Result>,
): Promise<Result> {
  const session = client.startSession({ snapshot: true });
  try {
    return await read({ session, ...AT_ONE_MOMENT });
  } finally {
    await session.endSession();
  }
}

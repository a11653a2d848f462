import {
  type Census,
  type Document,
  leastOf,
  type Page,
  planQuery,
  type Query,
  type ReadModel,
} from '@openbank/eventsourcing';
import type { ClientSession, FindOptions } from 'mongodb';
import type { MongoConnection } from '../connection/connection.ts';
import { readCheckpoints } from './checkpoints.ts';
import { rowsOf } from './declarations.ts';
import { documentOf } from './documents.ts';
import { walks } from './queries.ts';
import type { Row } from './rows.ts';

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
  const found: Row[] = [];
  for (const { filter, sort } of walks(model, plan)) {
    // One more than is shown tells whether there is a next page.
    const wanted = plan.limit + 1 - found.length;
    if (wanted === 0) break;
    const options = { ...findOptions(connection, model), sort, limit: wanted, batchSize: wanted + 1 };
    found.push(...(await rowsOf(connection.database, model).find(filter, options).toArray()));
  }
  const documents = found.slice(0, plan.limit).map((row) => documentOf(model, row));
  const last = documents.at(-1);
  return { documents, next: last && found.length > plan.limit ? plan.cursor(last) : undefined };
}

/** Totals belong together: a page of them shows one moment. */
function findOptions({ reading }: MongoConnection, model: ReadModel): FindOptions {
  return model.order === 'log' ? { ...reading, ...AT_ONE_MOMENT } : reading;
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

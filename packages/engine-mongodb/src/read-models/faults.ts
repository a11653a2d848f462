import { type ReadModel, readModelKey } from '@openbank/eventsourcing';
import type { MongoConnection } from '../connection/connection.ts';
import { type DeclaredIndex, indexesOf, rowsOf } from './declarations.ts';
import { atOneMoment, type Moment } from './reading.ts';
import type { Rows } from './rows.ts';

/**
 * Declared indexes that are missing, or made otherwise, and those that do not lead to each document: a sentence each.
 * Counts by each index: as long as the collection is large.
 */
export async function findFaults(connection: MongoConnection, model: ReadModel): Promise<readonly string[]> {
  const rows = rowsOf(connection.database, model);
  const made = await madeIndexes(connection, model);
  if (made === undefined) return [];
  const faults: string[] = [];
  const sound: DeclaredIndex[] = [];
  for (const index of indexesOf(model)) {
    if (made.get(index.name) === undefined) faults.push(`The index ${index.name} is missing.`);
    else if (made.get(index.name) !== shapeOf(index))
      faults.push(`The index ${index.name} is of other fields.`);
    else sound.push(index);
  }
  const counted = await atOneMoment(connection, (moment) =>
    compareCounts(rows, sound, { ...connection.reading, ...moment }),
  );
  return [...faults, ...counted];
}

async function compareCounts(
  rows: Rows,
  indexes: readonly DeclaredIndex[],
  options: Moment & MongoConnection['reading'],
): Promise<readonly string[]> {
  const faults: string[] = [];
  const count = (hint: string): Promise<number> =>
    rows.countDocuments({ deleted: { $eq: false } }, { ...options, hint });
  const documents = await count('_id_');
  for (const { name } of indexes) {
    const entries = await count(name);
    if (entries !== documents)
      faults.push(`The index ${name} has ${entries} entries for ${documents} documents.`);
  }
  return faults;
}

/** The shape of each index by its name; undefined where there is no collection. */
async function madeIndexes(
  { database }: MongoConnection,
  model: ReadModel,
): Promise<ReadonlyMap<unknown, string> | undefined> {
  const name = readModelKey(model);
  const collections = await database.listCollections({ name }, { nameOnly: true }).toArray();
  if (collections.length === 0) return undefined;
  const indexes = await rowsOf(database, model).listIndexes().toArray();
  return new Map(indexes.map((index) => [index.name, shapeOf(index)]));
}

function shapeOf(index: {
  readonly key?: unknown;
  readonly partialFilterExpression?: unknown;
  readonly sparse?: unknown;
}): string {
  return JSON.stringify([index.key, index.partialFilterExpression, index.sparse === true]);
}

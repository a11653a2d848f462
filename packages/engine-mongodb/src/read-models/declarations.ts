import {
  changedDeclaration,
  EventSourcingError,
  type FieldType,
  type ModelVersion,
  partitionsOf,
  type ReadModel,
  readModelKey,
} from '@openbank/eventsourcing';
import { type Db, ObjectId } from 'mongodb';
import { upserted } from '../connection/upsert.ts';
import type { Row, Rows } from './rows.ts';

/** What a collection was made for. It goes with it. */
export interface Declaration {
  /** Tells this collection from others of the same name, before it and after it. */
  readonly born: ObjectId;
}

export function rowsOf(database: Db, model: ModelVersion): Rows {
  return database.collection<Row>(readModelKey(model));
}

/** The declaration in a model's collection; undefined where there is none. */
export async function findDeclaration(
  database: Db,
  model: ModelVersion,
  maxTimeMS: number,
): Promise<Declaration | undefined> {
  const row = await rowsOf(database, model).findOne(declarationOf(model), { maxTimeMS });
  return row?.born instanceof ObjectId ? { born: row.born } : undefined;
}

/**
 * Makes the model's collection where it is missing, with its declaration, its missing indexes and its checkpoints; these
 * last, so that whoever sees them sees the indexes, too.
 *
 * @throws ReadModelRefused - it is there with other fields
 */
export async function prepareCollection(database: Db, model: ReadModel, partitions: number): Promise<void> {
  const rows = rowsOf(database, model);
  const fields = sorted(model.fields);
  const declared = { ...declarationOf(model), fields, partitions };
  const { _id, ...first } = { ...declared, born: new ObjectId() };
  const row = await upserted(() =>
    rows.findOneAndUpdate({ _id }, { $setOnInsert: first }, { upsert: true, returnDocument: 'after' }),
  );
  if (JSON.stringify(row?.fields) !== JSON.stringify(fields)) throw changedDeclaration(model);
  if (row?.partitions !== partitions) throw otherPartitions(model);
  const indexes = indexesOf(model);
  // The build of an index goes on where its caller has given up: the next call waits for the same one.
  if (indexes.length > 0) await rows.createIndexes([...indexes]);
  const checkpoints = Array.from({ length: partitionsOf(model, { partitions }) }, (_, partition) => ({
    updateOne: {
      filter: checkpointId(partition),
      update: { $setOnInsert: { position: null, epoch: 0 } },
      upsert: true,
    },
  }));
  await upserted(() => rows.bulkWrite(checkpoints, { ordered: false }));
}

/** The id of a partition's checkpoint. */
export function checkpointId(partition: number): { readonly _id: { readonly checkpoint: number } } {
  return { _id: { checkpoint: partition } };
}

export interface DeclaredIndex {
  readonly name: string;
  readonly key: Readonly<Record<string, 1>>;
  readonly partialFilterExpression: { readonly deleted: false };
}

/** Each ends with the id, by which ties are broken and cursors go on; tombstones are not in it. */
export function indexesOf(model: ReadModel): readonly DeclaredIndex[] {
  return model.indexes.map((fields) => ({
    name: `by_${fields.join('_and_')}`,
    key: Object.fromEntries([...fields, '_id'].map((field) => [field, 1 as const])),
    partialFilterExpression: { deleted: false },
  }));
}

function declarationOf(model: ModelVersion): { readonly _id: { readonly model: string } } {
  return { _id: { model: readModelKey(model) } };
}

function sorted(fields: Readonly<Record<string, FieldType>>): Readonly<Record<string, FieldType>> {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Its checkpoints are of other parts of the streams: what they have not seen would be skipped. */
function otherPartitions(model: ReadModel): EventSourcingError {
  return new EventSourcingError(
    'store-damaged',
    `${model.name} version ${model.version} was made for another number of partitions than the database keeps in its settings: drop the collection ${readModelKey(model)}, and it is made again from the log.`,
  );
}

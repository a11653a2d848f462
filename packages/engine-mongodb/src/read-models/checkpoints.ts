import {
  type Batch,
  displaced,
  notPrepared,
  type Position,
  type ReadModel,
  readModelKey,
} from '@openbank/eventsourcing';
import type { Db, FindOptions } from 'mongodb';
import { upserted } from '../connection/upsert.ts';
import type { Within } from './changes.ts';
import { checkpointId, rowsOf } from './declarations.ts';

/** Counters, one for each partition of each version that ever was: they outlive what is dropped. */
interface Epoch {
  readonly _id: string;
  readonly epoch: number;
}

/**
 * A new epoch of a partition, greater than all before it, which its checkpoint takes over unless a greater one came in
 * between.
 *
 * @throws ReadModelRefused - never prepared
 */
export async function takeOver(database: Db, model: ReadModel, partition: number): Promise<number> {
  const _id = `${readModelKey(model)}/${partition}`;
  const next = await upserted(() =>
    database
      .collection<Epoch>('epochs')
      .findOneAndUpdate({ _id }, { $inc: { epoch: 1 } }, { upsert: true, returnDocument: 'after' }),
  );
  const epoch = next?.epoch ?? 0;
  const taken = await rowsOf(database, model).updateOne(checkpointId(partition), { $max: { epoch } });
  if (taken.matchedCount === 0) throw notPrepared(model);
  return epoch;
}

/**
 * How far each partition of a model is.
 *
 * @returns undefined where the model was never prepared
 */
export async function readCheckpoints(
  database: Db,
  model: ReadModel,
  partitions: number,
  options: FindOptions,
): Promise<readonly (Position | undefined)[] | undefined> {
  const ids = Array.from({ length: partitions }, (_, partition) => checkpointId(partition)._id);
  const found = await rowsOf(database, model)
    .find({ _id: { $in: ids } }, options)
    .toArray();
  if (found.length === 0) return undefined;
  const positions = new Map(found.map(({ _id, position }) => [partitionOfId(_id), position]));
  return ids.map(({ checkpoint }) => positionOf(positions.get(checkpoint)));
}

/** @throws EventSourcingError `displaced` - the batch is not its owner's, or does not start from the checkpoint */
export async function assertNext(
  database: Db,
  model: ReadModel,
  { after, epoch, partition }: Batch,
  within: Within,
): Promise<void> {
  const checkpoint = await rowsOf(database, model).findOne(checkpointId(partition), within);
  if (checkpoint === null) throw notPrepared(model);
  if (checkpoint.epoch !== epoch || positionOf(checkpoint.position) !== after) throw displaced(model);
}

/** @throws EventSourcingError `displaced` - as `assertNext`: nothing has moved */
export async function moveCheckpoint(
  database: Db,
  model: ReadModel,
  { after, epoch, partition, position }: Batch,
  within: Within,
): Promise<void> {
  const from = { ...checkpointId(partition), position: { $eq: after ?? null }, epoch: { $eq: epoch } };
  const moved = await rowsOf(database, model).updateOne(from, { $set: { position } }, within);
  if (moved.matchedCount === 0) throw displaced(model);
}

function positionOf(stored: unknown): Position | undefined {
  return typeof stored === 'string' ? stored : undefined;
}

function partitionOfId(id: unknown): number | undefined {
  const { checkpoint }: { checkpoint?: unknown } = Object(id);
  return typeof checkpoint === 'number' ? checkpoint : undefined;
}

import type { DatabaseSync } from 'node:sqlite';
import type { Batch, ReadModel } from '@openbank/eventsourcing';

/** The statements on `checkpoints`, prepared once. */
export interface CheckpointStatements {
  /** The new epoch; undefined where the model was never prepared. */
  takeOver(model: ReadModel): number | undefined;
  /** Inside a transaction: false where the checkpoint or the owner is not the batch's. */
  move(model: ReadModel, batch: Batch): boolean;
}

export function prepareCheckpoints(database: DatabaseSync): CheckpointStatements {
  const takeOver = database.prepare(
    'UPDATE checkpoints SET epoch = epoch + 1 WHERE model = ? AND version = ? RETURNING epoch',
  );
  const move = database.prepare(
    'UPDATE checkpoints SET position = ? WHERE model = ? AND version = ? AND position IS ? AND epoch = ?',
  );
  return {
    takeOver(model) {
      const row = takeOver.get(model.name, model.version);
      return row && Number(row.epoch);
    },
    move(model, batch) {
      const { position, after = null, epoch } = batch;
      return Number(move.run(position, model.name, model.version, after, epoch).changes) === 1;
    },
  };
}

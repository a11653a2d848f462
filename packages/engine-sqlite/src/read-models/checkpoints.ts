import type { DatabaseSync } from 'node:sqlite';
import type { Batch, Position, ReadModel } from '@openbank/eventsourcing';

/** The statements on `checkpoints`, prepared once. */
export interface CheckpointStatements {
  /** Undefined where the model was never prepared. */
  read(model: ReadModel): { readonly position: Position | undefined } | undefined;
  /** The new epoch; undefined where the model was never prepared. */
  takeOver(model: ReadModel): number | undefined;
  /** Inside a transaction: false where the checkpoint or the owner is not the batch's. */
  move(model: ReadModel, batch: Batch): boolean;
}

export function prepareCheckpoints(database: DatabaseSync): CheckpointStatements {
  const read = database.prepare('SELECT position FROM checkpoints WHERE model = ? AND version = ?');
  const takeOver = database.prepare(
    'UPDATE checkpoints SET epoch = epoch + 1 WHERE model = ? AND version = ? RETURNING epoch',
  );
  const move = database.prepare(
    'UPDATE checkpoints SET position = ? WHERE model = ? AND version = ? AND position IS ? AND epoch = ?',
  );
  return {
    read(model) {
      const row = read.get(model.name, model.version);
      return row && { position: typeof row.position === 'string' ? row.position : undefined };
    },
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

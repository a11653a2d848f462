import { hasCode } from '../errors.ts';
import type { Position } from '../event.ts';
import { within } from '../patience.ts';
import type { Batch, DocumentChange, ReadModel, ReadModelStore } from './read-model-store.ts';
import { type Retrying, retried } from './retry.ts';

/** Writes a partition of a read model, as its only owner until another one takes it over. */
export interface PartitionWriter {
  /** Prepares the model, takes the partition over, and finds out how far it is. */
  takeOver(): Promise<void>;
  /** How far what is written goes. */
  checkpoint(): Position | undefined;
  /** @throws as `ReadModelStore.apply` does, but for what passes: that is tried again without end */
  write(position: Position, changes: readonly DocumentChange[]): Promise<void>;
}

export interface PartitionWriterOptions {
  readonly model: ReadModel;
  readonly partition: number;
  readonly store: ReadModelStore;
  readonly retrying: Retrying;
  /** Milliseconds after which a call to the store is given up and made again: what is given up may still be done. Default 30,000. */
  readonly patience?: number;
  /** The store does not take a batch for now. */
  onWaiting(error: unknown): void;
}

export function createPartitionWriter(options: PartitionWriterOptions): PartitionWriter {
  const { model, partition, store, retrying, patience = 30_000, onWaiting } = options;
  let epoch = 0;
  let checkpoint: Position | undefined;

  const answered = <Result>(call: () => Promise<Result>) => within(patience, call);
  const stored = () => answered(async () => (await store.checkpoints(model))[partition]);

  /** An attempt that failed for want of an answer may have been applied: then the checkpoint is where it was to be. */
  async function apply(batch: Batch, attempt: number): Promise<void> {
    try {
      await answered(() => store.apply(model, batch));
    } catch (error) {
      const perhapsApplied = attempt > 1 && hasCode(error, 'displaced');
      if (!perhapsApplied || (await stored()) !== batch.position) throw error;
    }
  }

  function waits(error: unknown, attempt: number): void {
    onWaiting(error);
    retrying.onRetry?.(error, attempt);
  }

  return {
    async takeOver() {
      await retried(() => answered(() => store.prepare(model)), retrying);
      epoch = await retried(() => answered(() => store.takeOver(model, partition)), retrying);
      checkpoint = await retried(stored, retrying);
    },
    checkpoint: () => checkpoint,
    async write(position, changes) {
      const batch = { partition, after: checkpoint, position, epoch, changes };
      await retried((attempt) => apply(batch, attempt), { ...retrying, onRetry: waits });
      checkpoint = position;
    },
  };
}

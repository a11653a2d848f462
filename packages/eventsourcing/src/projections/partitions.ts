import type { Position } from '../event.ts';
import type { ReadModel, ReadModelReader, ReadModelStore } from './read-model-store.ts';

/** One of the parts into which the streams that feed a model are divided. */
export interface Partition {
  readonly index: number;
  /** How many there are. */
  readonly of: number;
}

/** All streams: the only partition of a model that is not divided. */
export const UNDIVIDED: Partition = { index: 0, of: 1 };

/** How many partitions a model has in a store. Totals, which need the order of the whole log, are never divided. */
export function partitionsOf(model: ReadModel, store: Pick<ReadModelStore, 'partitions'>): number {
  return model.order === 'log' ? 1 : store.partitions;
}

/** The partition of a stream: FNV-1a of its UTF-16 units, for ever the same. */
export function partitionOf(stream: string, partitions: number): number {
  if (partitions === 1) return 0;
  let hash = 0x811c9dc5;
  for (let at = 0; at < stream.length; at++) hash = Math.imul(hash ^ stream.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % partitions;
}

/** Up to where all partitions have come; undefined where one of them has not begun. */
export function leastOf(checkpoints: readonly (Position | undefined)[]): Position | undefined {
  let least = checkpoints[0];
  for (const checkpoint of checkpoints) {
    if (checkpoint === undefined || least === undefined) return undefined;
    if (checkpoint < least) least = checkpoint;
  }
  return least;
}

/** How far a model is: its partition that is least far. */
export async function leastCheckpoint(
  reader: Pick<ReadModelReader, 'checkpoints'>,
  model: ReadModel,
): Promise<Position | undefined> {
  return leastOf(await reader.checkpoints(model));
}

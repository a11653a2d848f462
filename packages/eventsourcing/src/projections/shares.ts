import { type Partition, UNDIVIDED } from './partitions.ts';
import type { Projection } from './projection.ts';
import type { ReadModelStore } from './read-model-store.ts';

/** A part of the projections' work that has one owner: a partition of all that go by stream, or all that need the log's order. */
export interface Share {
  /** Of the lease that its owner holds; the same in every process. */
  readonly name: string;
  readonly partition: Partition;
  readonly projections: readonly Projection[];
}

/** All the work that there is with the projections, in a store with so many partitions. */
export function sharesOf(
  projections: readonly Projection[],
  store: Pick<ReadModelStore, 'partitions'>,
): readonly Share[] {
  const [inLogOrder, byStream] = [
    projections.filter(({ order }) => order === 'log'),
    projections.filter(({ order }) => order !== 'log'),
  ];
  const shares = byStream.length === 0 ? [] : partitionShares(byStream, store.partitions);
  if (inLogOrder.length === 0) return shares;
  return [...shares, { name: 'totals', partition: UNDIVIDED, projections: inLogOrder }];
}

function partitionShares(projections: readonly Projection[], of: number): readonly Share[] {
  return Array.from({ length: of }, (_, index) => ({
    name: `partition-${index}`,
    partition: { index, of },
    projections,
  }));
}

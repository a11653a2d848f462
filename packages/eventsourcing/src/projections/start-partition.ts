import { checkProjection } from './check-projection.ts';
import { ReadModelRefused } from './errors.ts';
import type { Partition } from './partitions.ts';
import type { Projection } from './projection.ts';
import type { ReadModelVersions } from './read-model-versions.ts';
import {
  createRunningProjection,
  type RunningOptions,
  type RunningProjection,
} from './running-projection.ts';

/**
 * Starts a partition of a read model, and that of its previous version where queries are answered from that.
 */
export async function startPartition(
  projection: Projection,
  partition: Partition,
  versions: ReadModelVersions,
  options: Omit<RunningOptions, 'onWritten' | 'isOver'>,
): Promise<readonly RunningProjection[]> {
  const current: RunningProjection = createRunningProjection(projection, partition, {
    ...options,
    onWritten: () => versions.written(current),
  });
  const running = [current];
  await current.supervised(async () => {
    checkProjection(projection);
    const { previous, target } = await versions.begin();
    if (previous !== undefined) running.unshift(await startPrevious(previous, partition, versions, options));
    await current.start(target);
    if (!current.stopped()) await versions.started(current);
  });
  return running;
}

/** Whoever sees first that nobody needs it any more drops it, in whatever process: then it just ends here. */
async function startPrevious(
  projection: Projection,
  partition: Partition,
  versions: ReadModelVersions,
  options: Omit<RunningOptions, 'onWritten' | 'isOver'>,
): Promise<RunningProjection> {
  let started = false;
  const isOver = (error: unknown): boolean => started && error instanceof ReadModelRefused;
  const previous = createRunningProjection(projection, partition, { ...options, isOver });
  versions.feeds(previous);
  await previous.start(undefined);
  started = !previous.stopped();
  return previous;
}

import { EventSourcingError } from '../errors.ts';
import type { Position } from '../event.ts';
import { ProjectionStopped } from './errors.ts';
import { partitionOf } from './partitions.ts';
import type { PartitionState, Progress, StopReason } from './progress.ts';

/** A read model that is waited for. */
export interface AwaitedModel {
  readonly name: string;
  /** Streams that feed it start with this, where that is known. */
  readonly streamPrefix?: string;
}

/**
 * Waits until the live versions of all of the models show the log up to the position: for a query that must see what
 * was written. It costs a comparison where they do already.
 *
 * @param timeout milliseconds
 * @param stream - where all that the query shows of the models that such a stream can feed is fed by this one: of those
 *   models, only its partition is waited for
 * @throws EventSourcingError `read-model-behind` - not within the time
 * @throws ProjectionStopped - one that has not come so far has stopped: waiting would not help
 */
export async function waitUntil(
  progress: Progress,
  models: readonly AwaitedModel[],
  position: Position,
  timeout: number,
  stream?: string,
): Promise<void> {
  const awaited = { progress, position, stream };
  const behind = models.filter((model) => !isThere(awaited, model));
  if (behind.length === 0) return;
  const deadline = performance.now() + timeout;
  for (const model of behind) await waitForOne(awaited, model, deadline - performance.now());
}

interface Awaited {
  readonly progress: Progress;
  readonly position: Position;
  readonly stream: string | undefined;
}

function isThere({ progress, position, stream }: Awaited, model: AwaitedModel): boolean {
  const { name } = model;
  const live = progress.live(name);
  const behind = live && concerned(live.partitions, model, stream).filter((part) => !reaches(part, position));
  if (behind?.length === 0) return true;
  const stopped = behind === undefined ? stoppedBeforeLive(progress, name) : firstStopped(behind);
  if (stopped !== undefined) throw new ProjectionStopped(name, stopped.message);
  return false;
}

/** The partitions that what is asked for may be in. */
function concerned(
  partitions: readonly PartitionState[],
  { streamPrefix }: AwaitedModel,
  stream: string | undefined,
): readonly PartitionState[] {
  if (stream === undefined || streamPrefix === undefined || !stream.startsWith(streamPrefix))
    return partitions;
  const index = partitionOf(stream, partitions.length);
  return partitions.slice(index, index + 1);
}

function reaches(part: PartitionState, position: Position): boolean {
  return part.position !== undefined && part.position >= position;
}

function firstStopped(parts: readonly PartitionState[]): StopReason | undefined {
  return parts.find(({ stopped }) => stopped !== undefined)?.stopped;
}

/** Why no version will be live: none is left that runs. */
function stoppedBeforeLive(progress: Progress, name: string) {
  const versions = progress.all().filter((version) => version.name === name);
  return versions.some(({ stopped }) => stopped === undefined) ? undefined : versions[0]?.stopped;
}

function waitForOne(awaited: Awaited, model: AwaitedModel, timeout: number): Promise<void> {
  const { progress } = awaited;
  const { name } = model;
  return new Promise((resolve, reject) => {
    const done = (settle: () => void): void => {
      clearTimeout(timer);
      unwatch();
      settle();
    };
    const look = (): void => {
      try {
        if (isThere(awaited, model)) done(resolve);
      } catch (error) {
        done(() => reject(error));
      }
    };
    const unwatch = progress.watch(name, look);
    const timer = setTimeout(() => done(() => reject(stillBehind(name))), Math.max(0, timeout));
    look();
  });
}

function stillBehind(name: string): EventSourcingError {
  return new EventSourcingError(
    'read-model-behind',
    `The read model ${name} is not yet at the position you ask for: ask again in a moment.`,
  );
}

import type { Position } from '../event.ts';
import type { EventReader } from '../event-store/event-store.ts';
import { pause, within } from '../patience.ts';
import { type Progress, type ProjectionNews, stopReason } from './progress.ts';
import type { Projection } from './projection.ts';
import type { ReadModelReader } from './read-model-store.ts';

export interface FollowProgressOptions {
  readonly reader: Pick<ReadModelReader, 'liveVersion' | 'checkpoints'>;
  /** Tells where a read model must be that is not live yet. */
  readonly log: Pick<EventReader, 'head'>;
  readonly projections: readonly Projection[];
  /** Told of all that is found. */
  readonly progress: Progress;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** The store is out of reach, and is asked again. Counts from 1. */
  onRetry?(error: unknown, attempt: number): void;
  /** Milliseconds from one look to the next: while somebody waits for the read model, and else. Default 15 and 250. */
  readonly intervals?: readonly [waiting: number, quiet: number];
}

/** Milliseconds that an answer is waited for. */
const PATIENCE = 2_000;
/** Milliseconds from one look to the next at most while the store is out of reach. */
const LONGEST_DELAY = 2_000;

/**
 * Tells progress, in a process that does not project itself, what others have written: by looking, quickly while
 * somebody waits. While the store cannot be asked, the read models are said to wait. Ends on the signal; never fails.
 */
export async function followProgress(options: FollowProgressOptions): Promise<void> {
  await Promise.all(options.projections.map((projection) => followModel(projection, options)));
}

async function followModel(projection: Projection, options: FollowProgressOptions): Promise<void> {
  const { progress, signal, onRetry, intervals = [15, 250] } = options;
  const { name } = projection;
  const look = createLook(projection, options);
  let failures = 0;
  let full = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      const isFull = performance.now() >= full + intervals[1];
      if (isFull) full = performance.now();
      await within(PATIENCE, (isLate) => look.once(isFull, isLate));
      failures = 0;
    } catch (error) {
      look.failed(error);
      onRetry?.(error, ++failures);
    }
    if (failures > 0) await pause(Math.min(LONGEST_DELAY, intervals[1] * failures), signal);
    else if (progress.isWatched(name)) await pause(intervals[0], signal);
    else await untilWatched(progress, name, intervals[1], signal);
  }
}

async function untilWatched(
  progress: Progress,
  name: string,
  longest: number,
  signal: AbortSignal,
): Promise<void> {
  const watched = new AbortController();
  const unwatch = progress.onWatched(name, () => watched.abort());
  await pause(longest, AbortSignal.any([signal, watched.signal]));
  unwatch();
}

/** Looks at one read model, and tells what is new. */
interface Look {
  /** @param full - also which version is live, which seldom changes */
  once(full: boolean, isLate: () => boolean): Promise<void>;
  failed(error: unknown): void;
}

function createLook(projection: Projection, { reader, log, progress }: FollowProgressOptions): Look {
  const { name, previous } = projection;
  let live: Projection | undefined;
  let told: readonly (Position | undefined)[] = [];
  /** All is to be told again. */
  let anew = true;

  async function once(full: boolean, isLate: () => boolean): Promise<void> {
    const version = full || live === undefined ? await reader.liveVersion(name) : live.version;
    const served = [projection, previous?.projection].find((each) => each?.version === version);
    if (version === undefined) return await notLive(isLate);
    const positions = served === undefined ? [] : await reader.checkpoints(served);
    if (isLate()) return;
    if (progress.live(name)?.version !== version) {
      anew = true;
      progress.tell({ kind: 'live', name, version });
    }
    live = served;
    tellPositions(version, positions);
  }

  function tellPositions(version: number, positions: readonly (Position | undefined)[]): void {
    positions.forEach((position, index) => {
      if (stoppedHereAt(index, position)) return;
      const partition = { index, of: positions.length };
      const before = told[index];
      const news = newsOf(position, before, anew);
      if (news !== undefined) progress.tell({ name, version, partition, ...news });
    });
    told = positions;
    anew = false;
  }

  /** It has stopped in this process, which alone knows why, and nobody has moved it since. */
  function stoppedHereAt(index: number, position: Position | undefined): boolean {
    const state = progress.live(name)?.partitions[index];
    return state?.stopped !== undefined && state.position === position;
  }

  /** It is being filled for the first time, or again. */
  async function notLive(isLate: () => boolean): Promise<void> {
    if (!anew && live === undefined) return;
    const head = await log.head();
    if (isLate()) return;
    live = undefined;
    anew = false;
    const version = progress.live(name)?.version ?? projection.version;
    progress.tell({ kind: 'started', name, version, position: undefined, target: head });
  }

  return {
    once,
    failed(error) {
      anew = true;
      const version = progress.live(name)?.version ?? projection.version;
      progress.tell({ kind: 'waiting', name, version, reason: stopReason(error) });
    },
  };
}

type PositionNews =
  | Pick<Extract<ProjectionNews, { kind: 'started' }>, 'kind' | 'position' | 'target'>
  | Pick<Extract<ProjectionNews, { kind: 'moved' }>, 'kind' | 'position'>;

/** Where it is behind what was told, it was lost, and is filled again. */
function newsOf(
  position: Position | undefined,
  before: Position | undefined,
  anew: boolean,
): PositionNews | undefined {
  const isBehind = before !== undefined && (position === undefined || position < before);
  if (anew || isBehind) return { kind: 'started', position, target: undefined };
  return position === undefined || position === before ? undefined : { kind: 'moved', position };
}

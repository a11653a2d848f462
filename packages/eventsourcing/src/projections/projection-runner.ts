import { hasCode } from '../errors.ts';
import type { EventReader } from '../event-store/event-store.ts';
import { createBackground } from './background.ts';
import { createFollower } from './follower.ts';
import type { ProjectionNews } from './progress.ts';
import type { Projection } from './projection.ts';
import type { ReadModelStore } from './read-model-store.ts';
import { createReadModelVersions, type ReadModelVersions } from './read-model-versions.ts';
import type { Retrying } from './retry.ts';
import { createRunningShare, type RunningShare } from './running-share.ts';
import { type Share, sharesOf } from './shares.ts';
import { startPartition } from './start-partition.ts';

export interface ProjectionRunnerOptions {
  readonly reader: EventReader;
  readonly store: ReadModelStore;
  /** Each read model once. */
  readonly projections: readonly Projection[];
  /** Ends the run; what is being applied is finished first. */
  readonly signal: AbortSignal;
  /** Told of all that happens to them: see `Progress`. */
  onNews?(news: ProjectionNews): void;
  /** The store or the log is out of reach or full, and is tried again after a while. Counts from 1. */
  onRetry?(error: unknown, attempt: number): void;
  /** Events that are folded before their documents are written. Default 30,000: a fifth less work than 10,000 (measured). */
  readonly batchEvents?: number;
  /** Milliseconds that a batch may wait to be filled while the log is busy. Default 40. */
  readonly fillTime?: number;
  /**
   * Milliseconds from one write of a partition to the next where no document of it changes. Default 0 where models are
   * not divided, else 100: most partitions have no part in an event, and each write costs the store a round trip.
   * Measured with 5 models in 8 partitions, 20 events/s and 2 ms to the store: 0 writes 511 such checkpoints/s and a
   * list that waits for all partitions takes 29 ms; 50: 475 and 49; 100: 260 and 88; 200: 118 and 174.
   */
  readonly checkpointInterval?: number;
  /** Documents of each partition of a projection that are kept in memory. Default 50,000, shared by its partitions. */
  readonly cachedDocuments?: number;
  /** Milliseconds that a version is still fed after another one has taken its place. Default 60,000. */
  readonly keepPrevious?: number;
  /** Milliseconds before something that failed is tried again, at first and at most. Default 100 and 10,000. */
  readonly retryDelays?: readonly [first: number, longest: number];
}

export interface SharedRunnerOptions extends ProjectionRunnerOptions {
  /** Other processes run the other shares. */
  readonly shared: boolean;
  /** Another owner has taken a share over: all of it has stopped. */
  onDisplaced?(share: Share): void;
}

/** The shares of the projections' work that are this process's own, which may change at any time. */
export interface ProjectionRunner {
  /** Starts shares that do not run, together: they read the log once. Resolves when all that they are has ended. */
  start(shares: readonly Share[]): Promise<void>;
  /** Ends a share; resolves when what is being applied is finished. */
  stop(share: Share): Promise<void>;
  /** Whether it was started and not stopped since. */
  runs(share: Share): boolean;
  /** Resolves when the signal has ended it, and what was being applied is finished. */
  readonly finished: Promise<void>;
}

/**
 * Keeps read models up with the log: takes each of them over, brings it up to the end, and follows. Every event reaches
 * every projection once in effect, in the order of its stream, through restarts and take-overs. A new version of a read
 * model is filled beside the one that is live, and takes its place: see `ReadModelVersions`.
 *
 * A projection that throws or does not know an event type stops with its reason, and the others go on; so does one that
 * finds no document where there must be one, if that document cannot be made again from its stream. One whose model
 * another owner has taken over stops the whole run. A store out of reach is tried again without end.
 *
 * Ends on the signal, or when all projections have stopped.
 */
export async function runProjections(options: ProjectionRunnerOptions): Promise<void> {
  const stopped = new AbortController();
  const signal = AbortSignal.any([options.signal, stopped.signal]);
  const runner = createProjectionRunner({ ...options, signal, shared: false });
  await runner.start(sharesOf(options.projections, options.store));
  stopped.abort();
  await runner.finished;
}

/** As `runProjections`, but for the shares that are started and stopped; one that is displaced stops by itself. */
export function createProjectionRunner(options: SharedRunnerOptions): ProjectionRunner {
  const { projections, reader, store, signal, shared } = options;
  const [firstDelay, longestDelay] = options.retryDelays ?? [100, 10_000];
  const { onRetry } = options;
  const retrying: Retrying = { signal, firstDelay, longestDelay, ...(onRetry && { onRetry }) };
  const background = createBackground();
  const tell = (news: ProjectionNews): void => options.onNews?.(news);
  const versions = new Map<Projection, ReadModelVersions>();
  const running = new Map<string, RunningShare>();
  const follower = createFollower(
    {
      reader,
      prefixes: prefixesOf(projections),
      batchEvents: options.batchEvents ?? 30_000,
      fillTime: options.fillTime ?? 40,
    },
    retrying,
  );

  function versionsOf(projection: Projection): ReadModelVersions {
    const known = versions.get(projection);
    if (known !== undefined) return known;
    const { keepPrevious = 60_000 } = options;
    const kept = { store, reader, retrying, keepPrevious, shared, tell, background: background.add };
    const made = createReadModelVersions(projection, kept);
    versions.set(projection, made);
    return made;
  }

  async function startShare(share: Share): Promise<RunningShare> {
    const started = createRunningShare(signal);
    running.set(share.name, started);
    const part = {
      store,
      reader,
      retrying: { ...retrying, signal: started.signal },
      cachedDocuments: Math.ceil((options.cachedDocuments ?? 50_000) / share.partition.of),
      checkpointInterval: options.checkpointInterval ?? (store.partitions === 1 ? 0 : 100),
      tell,
      onStopped: (error: unknown) => displaced(share, started, error),
    };
    await started.start(
      share.projections.map((projection) =>
        startPartition(projection, share.partition, versionsOf(projection), part),
      ),
    );
    return started;
  }

  function displaced(share: Share, started: RunningShare, error: unknown): void {
    if (!hasCode(error, 'displaced') || started.hasStopped()) return;
    // Whoever does not share the work means to do all of it.
    for (const each of shared ? [started] : running.values()) each.stop(error);
    options.onDisplaced?.(share);
  }

  async function start(shares: readonly Share[]): Promise<void> {
    const started = await Promise.all(shares.map(startShare));
    const parts = started.flatMap((share) => share.parts());
    await follower.join(parts);
    await Promise.all(parts.map(({ ended }) => ended));
  }

  async function run(): Promise<void> {
    await follower.follow();
    await Promise.all([...running.values()].map((share) => share.retire()));
    await background.finished();
  }

  return {
    start: (shares) => background.add(start(shares)),
    async stop({ name }) {
      const share = running.get(name);
      running.delete(name);
      await share?.retire();
    },
    runs: ({ name }) => running.has(name),
    finished: run(),
  };
}

function prefixesOf(projections: readonly Projection[]): readonly string[] {
  const all = projections.flatMap((projection) => [
    projection,
    projection.previous?.projection ?? projection,
  ]);
  return [...new Set(all.map(({ streamPrefix }) => streamPrefix))];
}

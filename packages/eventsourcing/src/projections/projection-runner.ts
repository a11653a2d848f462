import { hasCode } from '../errors.ts';
import type { EventReader } from '../event-store/event-store.ts';
import { allStopped, catchUp, type Following, followLog } from './follow-log.ts';
import type { ProjectionNews } from './progress.ts';
import type { Projection } from './projection.ts';
import type { ReadModelStore } from './read-model-store.ts';
import { type Retrying, retried } from './retry.ts';
import type { RunningProjection } from './running-projection.ts';
import { startReadModel } from './start-read-model.ts';

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
  /** Documents of each projection that are kept in memory. Default 50,000. */
  readonly cachedDocuments?: number;
  /** Milliseconds that a version is still fed after another one has taken its place. Default 60,000. */
  readonly keepPrevious?: number;
  /** Milliseconds before something that failed is tried again, at first and at most. Default 100 and 10,000. */
  readonly retryDelays?: readonly [first: number, longest: number];
}

/**
 * Keeps read models up with the log: takes each of them over, brings it up to the end, and follows. Every event reaches
 * every projection once in effect, in the order of its stream, through restarts and take-overs. A new version of a read
 * model is filled beside the one that is live, and takes its place: see `startReadModel`.
 *
 * A projection that throws or does not know an event type stops with its reason, and the others go on; so does one that
 * finds no document where there must be one, if that document cannot be made again from its stream. One whose model
 * another owner has taken over stops the whole run. A store out of reach is tried again without end.
 *
 * Ends on the signal, or when all projections have stopped.
 */
export async function runProjections(options: ProjectionRunnerOptions): Promise<void> {
  const { projections, reader, store, onNews, onRetry } = options;
  const run = new AbortController();
  const signal = AbortSignal.any([options.signal, run.signal]);
  const [firstDelay, longestDelay] = options.retryDelays ?? [100, 10_000];
  const retrying: Retrying = { signal, firstDelay, longestDelay, ...(onRetry && { onRetry }) };
  const running: RunningProjection[] = [];
  const background: Promise<void>[] = [];
  for (const projection of projections) {
    const started = await startReadModel(projection, {
      store,
      reader,
      retrying,
      cachedDocuments: options.cachedDocuments ?? 50_000,
      keepPrevious: options.keepPrevious ?? 60_000,
      tell: (news) => onNews?.(news),
      onStopped(error) {
        if (hasCode(error, 'displaced')) for (const other of running) other.stop(error);
      },
      background: (work) => background.push(work),
    });
    running.push(...started);
  }
  try {
    await bringUpAndFollow(running, retrying, {
      reader,
      prefixes: prefixesOf(running),
      batchEvents: options.batchEvents ?? 30_000,
      fillTime: options.fillTime ?? 40,
    });
  } finally {
    run.abort();
    await Promise.all(background);
  }
}

function prefixesOf(projections: readonly RunningProjection[]): readonly string[] {
  return [...new Set(projections.map(({ projection }) => projection.streamPrefix))];
}

/**
 * Those that are equally far catch up together, the groups side by side; whoever is near the end joins the one
 * subscription, which then starts again from where the least of them is. It is never joined under way: a newcomer would
 * miss what came between its own end and the page at hand.
 */
async function bringUpAndFollow(
  running: readonly RunningProjection[],
  retrying: Retrying,
  following: Following,
): Promise<void> {
  const { signal } = retrying;
  const newcomers: RunningProjection[] = [];
  let joined = new AbortController();

  async function bringUp(group: readonly RunningProjection[]): Promise<void> {
    const prefixes = prefixesOf(group);
    await supervised(group, async () => {
      let events = following.batchEvents;
      while (events >= following.batchEvents && !allStopped(group)) {
        events = await retried(() => catchUp(group, { ...following, prefixes }), retrying);
      }
    });
    newcomers.push(...group);
    joined.abort();
  }

  async function follow(): Promise<void> {
    const together: RunningProjection[] = [];
    while (!allStopped(running)) {
      together.push(...newcomers.splice(0));
      joined = new AbortController();
      const until = AbortSignal.any([signal, joined.signal]);
      if (allStopped(together)) await aborted(until);
      else await supervised(together, () => retried(() => followLog(together, following, until), retrying));
    }
  }

  await Promise.all([follow(), ...groups(running).map(bringUp)]);
}

/** What goes wrong with the log stops all who read it together. */
async function supervised(group: readonly RunningProjection[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    for (const projection of group) projection.stop(error);
  }
}

function groups(running: readonly RunningProjection[]): readonly (readonly RunningProjection[])[] {
  const byPosition = Map.groupBy(
    running.filter((projection) => !projection.stopped()),
    (projection) => projection.position(),
  );
  return [...byPosition.values()];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

import type { Position, RecordedEvent } from '../event.ts';
import type { EventReader, EventStore } from '../event-store/event-store.ts';
import { creates } from '../projections/feedings.ts';
import {
  createProgress,
  type Progress,
  type ProjectionNews,
  type StopReason,
  type VersionState,
} from '../projections/progress.ts';
import type { Projection } from '../projections/projection.ts';
import {
  createProjectionRunner,
  type ProjectionRunnerOptions,
  runProjections,
} from '../projections/projection-runner.ts';
import type { Document, ModelVersion, ReadModelStore } from '../projections/read-model-store.ts';
import { sharesOf } from '../projections/shares.ts';

/** A run of projections under test. */
export interface Run {
  /** Resolves when the projection is there, or has stopped before; where no version is given, any of them. */
  reached(name: string, position: Position, version?: number): Promise<void>;
  /** Resolves when there are such news. */
  told(kind: ProjectionNews['kind'], model: ModelVersion): Promise<void>;
  /** Which have stopped, by name, and why the first of their partitions has. */
  stopped(): readonly (readonly [name: string, reason: StopReason])[];
  readonly news: readonly ProjectionNews[];
  readonly progress: Progress;
  readonly finished: Promise<void>;
  end(): Promise<void>;
}

export function startRun(options: Omit<ProjectionRunnerOptions, 'signal' | 'onNews'>): Run {
  const heard = createHeard();
  const ending = new AbortController();
  const finished = runProjections({ ...options, signal: ending.signal, onNews: heard.hear });
  return {
    ...heard,
    finished,
    async end() {
      ending.abort();
      await finished;
    },
  };
}

/** A run of some of the shares, as one of several processes has it. */
export interface SharedRun extends Run {
  /** Starts shares by their names; resolves when all that they are has ended. */
  take(...names: readonly string[]): Promise<void>;
  /** Resolves when what is being applied of them is finished. */
  give(...names: readonly string[]): Promise<void>;
  /** Shares that another owner has taken over. */
  readonly displaced: readonly string[];
}

export function startSharedRun(options: Omit<ProjectionRunnerOptions, 'signal' | 'onNews'>): SharedRun {
  const heard = createHeard();
  const ending = new AbortController();
  const displaced: string[] = [];
  const runner = createProjectionRunner({
    ...options,
    signal: ending.signal,
    shared: true,
    onNews: heard.hear,
    onDisplaced: ({ name }) => displaced.push(name),
  });
  const named = (names: readonly string[]) =>
    sharesOf(options.projections, options.store).filter(({ name }) => names.includes(name));
  return {
    ...heard,
    finished: runner.finished,
    displaced,
    take: (...names) => runner.start(named(names)),
    give: async (...names) => void (await Promise.all(named(names).map(runner.stop))),
    async end() {
      ending.abort();
      await runner.finished;
    },
  };
}

/** What a run tells of its projections. */
function createHeard(): Omit<Run, 'finished' | 'end'> & { hear(news: ProjectionNews): void } {
  const progress = createProgress();
  const news: ProjectionNews[] = [];
  let look = Promise.withResolvers<void>();
  const until = async (happened: (told: ProjectionNews) => boolean): Promise<void> => {
    while (!news.some(happened)) await look.promise;
  };
  return {
    hear(told) {
      news.push(told);
      progress.tell(told);
      look.resolve();
      look = Promise.withResolvers();
    },
    news,
    progress,
    stopped: () => [...firstReasons(news)].sort(([a], [b]) => (a < b ? -1 : 1)),
    async reached(name, position, version) {
      const isThere = (state: VersionState): boolean =>
        state.name === name &&
        (version === undefined || state.version === version) &&
        (state.stopped !== undefined || (state.position ?? '') >= position);
      while (!progress.all().some(isThere)) await look.promise;
    },
    told: (kind, { name, version }) =>
      until((told) => told.kind === kind && told.name === name && told.version === version),
  };
}

function firstReasons(news: readonly ProjectionNews[]): ReadonlyMap<string, StopReason> {
  const reasons = new Map<string, StopReason>();
  for (const told of news) {
    if (told.kind === 'stopped' && !reasons.has(told.name)) reasons.set(told.name, told.reason);
  }
  return reasons;
}

export async function documentsOf(
  store: ReadModelStore,
  projection: Projection,
): Promise<readonly Document[]> {
  return (await store.find(projection, { limit: 10_000 })).documents;
}

/** What a read model must show, in the fewest words: the log folded in one go. */
export async function plainFold(log: EventStore, projection: Projection): Promise<readonly Document[]> {
  const documents = new Map<string, Document>();
  for await (const page of log.readAll({ prefixes: [projection.streamPrefix] })) {
    for (const recorded of page.events) {
      const { id, type, data, stream, revision, position, recordedAt } = recorded;
      const aggregateId = stream.slice(projection.streamPrefix.length);
      const event = {
        event: { type, data: JSON.parse(data) },
        id,
        stream,
        aggregateId,
        revision,
        position,
        recordedAt,
      };
      for (const id of projection.documentIds(event)) {
        const before = documents.get(id);
        if (before === undefined && !creates(projection, event, id)) continue;
        const fields = projection.evolve(before?.fields, event, id);
        if (fields === undefined) documents.delete(id);
        else if (projection.order !== 'log') documents.set(id, { id, revision, fields });
        else
          documents.set(id, { id, revision: (before?.revision ?? 0) + 1, fields: { ...fields, position } });
      }
    }
  }
  return [...documents.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The log in pages of at most so many events. */
export function inPagesOf(size: number, log: EventReader): EventReader {
  return {
    ...log,
    async *readAll(options) {
      for await (const page of log.readAll(options)) yield* split(size, page);
    },
    async *subscribe(options) {
      for await (const message of log.subscribe(options)) {
        if (message.kind === 'caught-up') yield message;
        else for (const page of split(size, message)) yield { kind: 'page', ...page };
      }
    },
  };
}

interface LogPage {
  readonly events: readonly RecordedEvent[];
  readonly position: Position;
}

function split(size: number, { events, position }: LogPage): readonly LogPage[] {
  const pages: LogPage[] = [];
  for (let from = 0; from < events.length; from += size) {
    const page = events.slice(from, from + size);
    pages.push({ events: page, position: page.at(-1)?.position ?? position });
  }
  // Foreign events after the last one: the whole page ends where they end.
  return [...pages, { events: [], position }];
}

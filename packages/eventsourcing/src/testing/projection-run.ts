import type { Position, RecordedEvent } from '../event.ts';
import type { EventReader, EventStore } from '../event-store/event-store.ts';
import type { Projection } from '../projections/projection.ts';
import { type ProjectionRunnerOptions, runProjections } from '../projections/projection-runner.ts';
import type { Document, ReadModelStore } from '../projections/read-model-store.ts';

/** A run of projections under test. */
export interface Run {
  /** Resolves when the projection is there, or has stopped before. */
  reached(name: string, position: Position): Promise<void>;
  stopped(): readonly (readonly [name: string, error: unknown])[];
  readonly finished: Promise<void>;
  end(): Promise<void>;
}

export function startRun(options: Omit<ProjectionRunnerOptions, 'signal' | 'onProgress' | 'onStopped'>): Run {
  const ending = new AbortController();
  const positions = new Map<string, Position>();
  const stops: [string, unknown][] = [];
  let look = Promise.withResolvers<void>();
  const changed = (): void => {
    look.resolve();
    look = Promise.withResolvers();
  };
  const finished = runProjections({
    ...options,
    signal: ending.signal,
    onProgress: (name, position) => {
      positions.set(name, position);
      changed();
    },
    onStopped: (name, error) => {
      stops.push([name, error]);
      changed();
    },
  });
  return {
    finished,
    stopped: () => stops,
    async reached(name, position) {
      const isStopped = (): boolean => stops.some(([stopped]) => stopped === name);
      while ((positions.get(name) ?? '') < position && !isStopped()) await look.promise;
    },
    async end() {
      ending.abort();
      await finished;
    },
  };
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
      const documentId = projection.documentId(event);
      if (documentId === undefined) continue;
      const before = documents.get(documentId);
      if (before === undefined && !projection.creates.includes(type)) continue;
      const fields = projection.evolve(before?.fields, event);
      if (fields === undefined) documents.delete(documentId);
      else documents.set(documentId, { id: documentId, revision, fields });
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

import { EventSourcingError } from '../errors.ts';
import type { Position, RecordedEvent } from '../event.ts';
import type { KnownDocument } from './document-cache.ts';
import { type LogEntry, projectedEvent } from './log-entry.ts';
import type { ProjectedEvent, Projection } from './projection.ts';
import type { DocumentChange } from './read-model-store.ts';

/** An event and the document that it feeds. */
export interface Feeding {
  readonly event: ProjectedEvent;
  readonly documentId: string;
}

/** As much of a batch as could be done, and what stopped it. */
export interface Feedings {
  readonly feedings: readonly Feeding[];
  readonly failure: unknown;
}
export interface Folded {
  readonly changes: readonly DocumentChange[];
  /** Position of the last event that was folded; undefined where there was none. */
  readonly position: Position | undefined;
  readonly failure: unknown;
}

/** Which of the entries after a position feed the projection, and which documents they feed. */
export function feedingsOf(
  projection: Projection,
  entries: readonly LogEntry[],
  after: Position | undefined,
): Feedings {
  const { streamPrefix } = projection;
  const feedings: Feeding[] = [];
  for (const entry of entries) {
    const { stream, position } = entry.recorded;
    if ((after !== undefined && position <= after) || !stream.startsWith(streamPrefix)) continue;
    try {
      const event = knownEvent(projection, entry);
      const documentId = projection.documentId(event);
      if (documentId !== undefined) feedings.push({ event, documentId });
    } catch (error) {
      return { feedings, failure: failed(entry.recorded, error) };
    }
  }
  return { feedings, failure: undefined };
}

function knownEvent(projection: Projection, entry: LogEntry): ProjectedEvent {
  const { type } = entry.recorded;
  if (projection.eventTypes.includes(type)) return projectedEvent(entry, projection.streamPrefix);
  throw new EventSourcingError(
    'unknown-event-type',
    `${projection.name} does not know the event type ${type}: run a version that does`,
  );
}

/** Folds events into documents, in memory: each document becomes one change. */
export function fold(
  projection: Projection,
  feedings: readonly Feeding[],
  stored: (id: string) => KnownDocument | undefined,
): Folded {
  const documents = new Map<string, KnownDocument>();
  let position: Position | undefined;
  let failure: unknown;
  for (const { event, documentId } of feedings) {
    const before = documents.get(documentId) ?? stored(documentId);
    if (before === undefined || before.revision < event.revision) {
      try {
        const fields = evolved(projection, before, event);
        documents.set(documentId, { revision: event.revision, fields });
      } catch (error) {
        failure = failed(event, error);
        break;
      }
    }
    position = event.position;
  }
  return { changes: changesOf(documents, stored), position, failure };
}

/** What is deleted stays so until an event creates it again; other events only move its tombstone. */
function evolved(
  projection: Projection,
  before: KnownDocument | undefined,
  event: ProjectedEvent,
): KnownDocument['fields'] {
  const { type } = event.event;
  if (before?.fields === undefined && !projection.creates.includes(type)) {
    if (before !== undefined) return undefined;
    throw new Error(`it finds no document in ${projection.name}, and ${type} does not create one`);
  }
  return projection.evolve(before?.fields, event);
}

function changesOf(
  documents: ReadonlyMap<string, KnownDocument>,
  stored: (id: string) => KnownDocument | undefined,
): readonly DocumentChange[] {
  const changes: DocumentChange[] = [];
  for (const [id, { revision, fields }] of documents) {
    changes.push({ id, from: stored(id)?.revision, revision, fields });
  }
  return changes;
}

/** Says at which event it was. The event's values are left out: they may be personal. */
function failed({ stream, revision }: Pick<RecordedEvent, 'stream' | 'revision'>, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `The event ${stream}@${revision} cannot be projected: ${why}.`;
  if (cause instanceof EventSourcingError) return new EventSourcingError(cause.code, message, { cause });
  return new Error(message, { cause });
}

import { EventSourcingError } from '../errors.ts';
import type { Position, RecordedEvent } from '../event.ts';
import { type LogEntry, projectedEvent } from './log-entry.ts';
import type { ProjectedEvent, Projection } from './projection.ts';
import type { StreamOrder } from './stream-order.ts';
import type { Working, WorkingSet } from './working-set.ts';

/** An event and the document that it feeds. */
interface Feeding {
  readonly event: ProjectedEvent;
  readonly documentId: string;
  /** Undefined: to be loaded. */
  readonly document: Working | undefined;
}

/** What of a page feeds a projection. */
export interface Feedings {
  readonly feedings: readonly Feeding[];
  /** Ids of documents that must be loaded first. */
  readonly missing: ReadonlySet<string>;
  /** Whether a document is taken for new because its event may create it, without a look at the store. */
  readonly guessed: boolean;
  /** Why the page ends before its end. */
  readonly failure: unknown;
}

/** Which of the entries after a position feed the projection, and the documents that they feed. */
export function feedingsOf(
  projection: Projection,
  entries: readonly LogEntry[],
  after: Position | undefined,
  documents: WorkingSet,
  order: StreamOrder,
  guess: boolean,
): Feedings {
  const feedings: Feeding[] = [];
  const missing = new Set<string>();
  let guessed = false;
  for (const entry of entries) {
    const { stream, position } = entry.recorded;
    if ((after !== undefined && position <= after) || !stream.startsWith(projection.streamPrefix)) continue;
    try {
      order.check(entry.recorded);
      const event = knownEvent(projection, entry);
      const documentId = projection.documentId(event);
      if (documentId === undefined) continue;
      let document = documents.get(documentId);
      if (document === undefined && guess && creates(projection, event) && !missing.has(documentId)) {
        guessed = true;
        document = documents.add(documentId, undefined);
      }
      if (document === undefined) missing.add(documentId);
      feedings.push({ event, documentId, document });
    } catch (error) {
      return { feedings, missing, guessed, failure: failed(entry.recorded, error) };
    }
  }
  return { feedings, missing, guessed, failure: undefined };
}

function knownEvent(projection: Projection, entry: LogEntry): ProjectedEvent {
  const { type } = entry.recorded;
  if (projection.eventTypes.includes(type)) return projectedEvent(entry, projection.streamPrefix);
  throw new EventSourcingError(
    'unknown-event-type',
    `${projection.name} does not know the event type ${type}: run a version that does`,
  );
}

/** How far a fold has come: to an event, and why not further. */
export interface Folded {
  readonly position: Position | undefined;
  readonly failure: unknown;
}

/** Folds events into documents, in memory. Events that a document has seen already are left out. */
export function fold(projection: Projection, feedings: readonly Feeding[], documents: WorkingSet): Folded {
  let position: Position | undefined;
  for (const feeding of feedings) {
    const { event, documentId } = feeding;
    const document = feeding.document ?? documents.get(documentId) ?? documents.add(documentId, undefined);
    if (document.revision === undefined || document.revision < event.revision) {
      try {
        documents.change(document, event.revision, evolved(projection, document, event));
      } catch (error) {
        return { position, failure: failed(event, error) };
      }
    }
    position = event.position;
  }
  return { position, failure: undefined };
}

/** What is deleted stays so until an event creates it again; other events only move its tombstone. */
function evolved(projection: Projection, before: Working, event: ProjectedEvent): Working['fields'] {
  if (before.fields === undefined && !creates(projection, event)) {
    if (before.revision !== undefined) return undefined;
    throw new Error(
      `it finds no document in ${projection.name}, and ${event.event.type} does not create one`,
    );
  }
  return projection.evolve(before.fields, event);
}

function creates(projection: Projection, { event }: ProjectedEvent): boolean {
  return projection.creates.includes(event.type);
}

/** Says at which event it was. */
function failed({ stream, revision }: Pick<RecordedEvent, 'stream' | 'revision'>, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `The event ${stream}@${revision} cannot be projected: ${why}.`;
  if (cause instanceof EventSourcingError) return new EventSourcingError(cause.code, message, { cause });
  return new Error(message, { cause });
}

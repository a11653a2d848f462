import { EventSourcingError } from '../errors.ts';
import type { Position, RecordedEvent } from '../event.ts';
import type { KnownDocument } from './document-cache.ts';
import { type LogEntry, projectedEvent } from './log-entry.ts';
import type { ProjectedEvent, Projection } from './projection.ts';
import type { WorkingSet } from './working-set.ts';

/** An event and the document that it feeds. */
interface Feeding {
  readonly event: ProjectedEvent;
  readonly documentId: string;
}

/** What of a page feeds a projection. */
export interface Feedings {
  readonly feedings: readonly Feeding[];
  /** Documents that must be loaded before they can be folded. */
  readonly missing: ReadonlySet<string>;
  /** Whether a document is taken for new because its event may create it, without a look at the store. */
  readonly guessed: boolean;
  /** Why the page ends before its end. */
  readonly failure: unknown;
}

/** Which of the entries after a position feed the projection, and which documents they feed. */
export function feedingsOf(
  projection: Projection,
  entries: readonly LogEntry[],
  after: Position | undefined,
  documents: WorkingSet,
  guess: boolean,
): Feedings {
  const feedings: Feeding[] = [];
  const missing = new Set<string>();
  const guessed = new Set<string>();
  const result = (failure?: unknown): Feedings => ({ feedings, missing, guessed: guessed.size > 0, failure });
  for (const entry of entries) {
    const { stream, position, type } = entry.recorded;
    if ((after !== undefined && position <= after) || !stream.startsWith(projection.streamPrefix)) continue;
    try {
      const event = knownEvent(projection, entry);
      const documentId = projection.documentId(event);
      if (documentId === undefined) continue;
      feedings.push({ event, documentId });
      if (documents.get(documentId) !== undefined || guessed.has(documentId)) continue;
      if (guess && projection.creates.includes(type) && !missing.has(documentId)) guessed.add(documentId);
      else missing.add(documentId);
    } catch (error) {
      return result(failed(entry.recorded, error));
    }
  }
  return result();
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
export function fold(
  projection: Projection,
  feedings: readonly Feeding[],
  documents: WorkingSet,
  loaded: ReadonlyMap<string, KnownDocument>,
): Folded {
  let position: Position | undefined;
  for (const { event, documentId } of feedings) {
    const before = documents.get(documentId) ?? loaded.get(documentId);
    if (before === undefined || before.revision < event.revision) {
      try {
        const fields = evolved(projection, before, event);
        documents.change(documentId, before, { revision: event.revision, fields });
      } catch (error) {
        return { position, failure: failed(event, error) };
      }
    }
    position = event.position;
  }
  return { position, failure: undefined };
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

/** Says at which event it was. The event's values are left out: they may be personal. */
function failed({ stream, revision }: Pick<RecordedEvent, 'stream' | 'revision'>, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `The event ${stream}@${revision} cannot be projected: ${why}.`;
  if (cause instanceof EventSourcingError) return new EventSourcingError(cause.code, message, { cause });
  return new Error(message, { cause });
}

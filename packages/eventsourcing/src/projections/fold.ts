import { EventSourcingError } from '../errors.ts';
import type { Position } from '../event.ts';
import { EventNotProjected } from './errors.ts';
import { type LogEntry, projectedEvent } from './log-entry.ts';
import type { ProjectedEvent, Projection } from './projection.ts';
import type { StreamOrder } from './stream-order.ts';
import type { Working, WorkingSet } from './working-set.ts';

/** An event and a document that it feeds. */
export interface Feeding {
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
  readonly failure: EventNotProjected | undefined;
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
      const event = projectedEvent(entry, projection);
      for (const documentId of projection.documentIds(event)) {
        let document = documents.get(documentId);
        if (document === undefined && guess && creates(projection, event) && !missing.has(documentId)) {
          guessed = true;
          document = documents.add(documentId, undefined);
        }
        if (document === undefined) missing.add(documentId);
        feedings.push({ event, documentId, document });
      }
    } catch (error) {
      return { feedings, missing, guessed, failure: new EventNotProjected(entry.recorded, error) };
    }
  }
  return { feedings, missing, guessed, failure: undefined };
}

export function creates(projection: Projection, { event }: ProjectedEvent): boolean {
  return projection.creates.includes(event.type);
}

/** How far a fold has come. */
export interface Folded {
  /** The last event that is folded into all of its documents; undefined before the first. */
  readonly position: Position | undefined;
  /** Why it ends there; undefined where it has come to the end. */
  readonly failure: EventNotProjected | undefined;
}

/**
 * Folds events into documents that each are fed by one stream, in memory. Events that a document has seen already are
 * left out.
 */
export function fold(projection: Projection, feedings: readonly Feeding[], documents: WorkingSet): Folded {
  let position: Position | undefined;
  let last: Position | undefined;
  for (const feeding of feedings) {
    const { event, documentId } = feeding;
    if (event.position !== last) position = last;
    last = event.position;
    const document = feeding.document ?? documents.get(documentId) ?? documents.add(documentId, undefined);
    if (document.revision !== undefined && document.revision >= event.revision) continue;
    try {
      documents.change(document, event.revision, evolved(projection, document, event, documentId));
    } catch (error) {
      return { position, failure: new EventNotProjected(event, error) };
    }
  }
  return { position: last, failure: undefined };
}

/**
 * What is deleted stays so until an event creates it again; other events only move its tombstone.
 *
 * @throws what the projection throws, and where there is no document although the event creates none
 */
export function evolved(
  projection: Projection,
  before: Pick<Working, 'revision' | 'fields'>,
  event: ProjectedEvent,
  documentId: string,
): Working['fields'] {
  if (before.fields === undefined && !creates(projection, event)) {
    if (before.revision !== undefined) return undefined;
    throw new EventSourcingError(
      'document-missing',
      `it finds no document in ${projection.name}, and ${event.event.type} does not create one`,
    );
  }
  return projection.evolve(before.fields, event, documentId);
}

import { EventSourcingError } from '../errors.ts';
import type { Position } from '../event.ts';
import { EventNotProjected } from './errors.ts';
import { creates, type Feeding } from './feedings.ts';
import type { ProjectedEvent, Projection } from './projection.ts';
import type { Working, WorkingSet } from './working-set.ts';

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
  if (before.fields === undefined && !creates(projection, event, documentId)) {
    if (before.revision !== undefined) return undefined;
    throw new EventSourcingError(
      'document-missing',
      `it finds no document in ${projection.name}, and ${event.event.type} does not create one`,
    );
  }
  return projection.evolve(before.fields, event, documentId);
}

import type { EventReader } from '../event-store/event-store.ts';
import { EventNotProjected } from './errors.ts';
import { creates, type Feeding } from './feedings.ts';
import { evolved } from './fold.ts';
import { type LogEntry, logEntry, projectedEvent } from './log-entry.ts';
import type { Projection } from './projection.ts';
import type { Working, WorkingSet } from './working-set.ts';

type State = Pick<Working, 'revision' | 'fields'>;

const NOTHING: State = { revision: undefined, fields: undefined };

/**
 * Of the documents that neither the store nor memory has, those that an event updates before any other creates them: for
 * each, its first feeding.
 */
export function lostDocuments(
  projection: Projection,
  feedings: readonly Feeding[],
  documents: WorkingSet,
): readonly Feeding[] {
  const looked = new Set<string>();
  return feedings.filter((feeding) => {
    const { event, documentId, document } = feeding;
    if (document !== undefined || looked.has(documentId)) return false;
    looked.add(documentId);
    return !creates(projection, event, documentId) && documents.get(documentId) === undefined;
  });
}

/**
 * Makes a document that is lost from its stream, up to the event that is to update it, reading page by page. Where the
 * stream does not create it either, there is none.
 */
export async function rebuild(
  projection: Projection,
  reader: Pick<EventReader, 'readStream'>,
  { event, documentId }: Feeding,
  documents: WorkingSet,
): Promise<void> {
  if (event.revision === 0) return;
  let state = NOTHING;
  for await (const events of reader.readStream(event.stream, { limit: event.revision })) {
    for (const recorded of events) state = stateAfter(projection, documentId, state, logEntry(recorded));
  }
  if (state.revision === undefined) return;
  documents.change(documents.add(documentId, undefined), state.revision, state.fields);
}

function stateAfter(projection: Projection, documentId: string, before: State, entry: LogEntry): State {
  try {
    const event = projectedEvent(entry, projection);
    const feeds = projection.documentIds(event).includes(documentId);
    if (!feeds || (before === NOTHING && !creates(projection, event, documentId))) return before;
    return { revision: event.revision, fields: evolved(projection, before, event, documentId) };
  } catch (error) {
    throw new EventNotProjected(entry.recorded, error);
  }
}

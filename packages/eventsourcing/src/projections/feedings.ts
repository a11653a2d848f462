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
  /** Whether a document is taken for new without a look at the store: see `AtHand.guess`. */
  readonly guessed: boolean;
  /** Why the page ends before its end. */
  readonly failure: EventNotProjected | undefined;
}

/** What a projection knows of its documents and streams while it looks for what feeds it. */
interface AtHand {
  readonly documents: WorkingSet;
  readonly order: StreamOrder;
  /** Whether a document that an event may create is taken for new where it is not at hand. */
  readonly guess: boolean;
}

/** Which of the entries after a position feed the projection, and the documents that they feed. */
export function feedingsOf(
  projection: Projection,
  entries: readonly LogEntry[],
  after: Position | undefined,
  { documents, order, guess }: AtHand,
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
        const isNew = document === undefined && guess && creates(projection, event, documentId);
        if (isNew && !missing.has(documentId)) {
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

/** Whether an event may find that one of its documents is not there yet. */
export function creates(projection: Projection, event: ProjectedEvent, documentId: string): boolean {
  return projection.creates.includes(event.event.type) && projection.updates?.(event, documentId) !== true;
}

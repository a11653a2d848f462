import { EventSourcingError } from '../errors.ts';
import type { Position } from '../event.ts';
import { EventNotProjected } from './errors.ts';
import type { Feeding } from './feedings.ts';
import { evolved, type Folded } from './fold.ts';
import type { LogEntry } from './log-entry.ts';
import type { ProjectedEvent, Projection } from './projection.ts';
import type { Working, WorkingSet, WorkingState } from './working-set.ts';

/** A document before one of its changes. */
interface Before {
  readonly document: Working;
  readonly state: WorkingState;
  /** Of the event that has changed it. */
  readonly position: Position;
}

/**
 * Folds events into totals, in memory: documents that many streams feed, in the order of the log. What is at or before a
 * document's position is left out. Whole commits only: of one with an event that cannot be folded, nothing is.
 *
 * A document that is lost while the checkpoint stays begins anew from the next event that may create it: an empty total
 * and a lost one look the same. Only verify finds that.
 *
 * @param entries - the page that the feedings are of
 */
export function foldTotals(
  projection: Projection,
  feedings: readonly Feeding[],
  documents: WorkingSet,
  entries: readonly LogEntry[],
): Folded {
  const changes: Before[] = [];
  for (const { event, documentId, document: known } of feedings) {
    const document = known ?? documents.get(documentId) ?? documents.add(documentId, undefined);
    const seen = document.position ?? storedPosition(document);
    if (seen !== undefined && seen >= event.position) continue;
    try {
      const fields = total(projection, document, event, documentId);
      changes.push({ document, state: { ...document }, position: event.position });
      documents.change(document, (document.revision ?? 0) + 1, fields);
      document.position = event.position;
    } catch (error) {
      const position = endOfCommitBefore(entries, event.position);
      takeBack(changes, position, documents);
      return { position, failure: new EventNotProjected(event, error) };
    }
  }
  return { position: undefined, failure: undefined };
}

export function feedingsUpTo(end: Position | undefined, feedings: readonly Feeding[]): readonly Feeding[] {
  return end === undefined ? [] : feedings.filter(({ event }) => event.position <= end);
}

/**
 * The position of the last event on a page before the commit that an event belongs to; undefined where that commit is
 * the page's first. Where events do not say which commit they are of, the page is taken for one.
 */
export function endOfCommitBefore(entries: readonly LogEntry[], position: Position): Position | undefined {
  let index = entries.findIndex(({ recorded }) => recorded.position === position);
  const commit = commitOf(entries[index]);
  if (commit === undefined) return undefined;
  while (index >= 0 && commitOf(entries[index]) === commit) index--;
  return entries[index]?.recorded.position;
}

function commitOf(entry: LogEntry | undefined): string | undefined {
  return entry?.recorded.metadata.commit_id;
}

function total(
  projection: Projection,
  before: Working,
  event: ProjectedEvent,
  documentId: string,
): Working['fields'] {
  const fields = evolved(projection, before, event, documentId);
  if (fields !== undefined) return fields;
  throw new EventSourcingError('document-refused', `${projection.name} holds totals, which are not deleted`);
}

function storedPosition({ fields }: Working): Position | undefined {
  const position = fields?.position;
  return typeof position === 'string' ? position : undefined;
}

function takeBack(changes: readonly Before[], end: Position | undefined, documents: WorkingSet): void {
  for (const { document, state, position } of changes.toReversed()) {
    if (end === undefined || position > end) documents.restore(document, state);
  }
}

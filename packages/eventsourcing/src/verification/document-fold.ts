import { creates } from '../projections/feedings.ts';
import { evolved } from '../projections/fold.ts';
import type { ProjectedEvent, Projection } from '../projections/projection.ts';
import type { DocumentChange } from '../projections/read-model-store.ts';
import { createIdTally, type IdTally } from './id-tally.ts';

/** A document as the replay has it. */
export interface FoldedDocument {
  readonly id: string;
  revision: number;
  /** Undefined where it is deleted. */
  fields: DocumentChange['fields'];
}

/**
 * The replay of a read model whose documents each are fed by one stream. Documents that a second event has fed are kept;
 * of the others, lines of a statement for example, the oldest are handed out to be compared and forgotten.
 */
export interface DocumentFold {
  /** @throws what the projection throws */
  see(event: ProjectedEvent): void;
  /** Takes out the oldest documents that one event has fed, where there are too many of them. */
  takeOldest(): readonly FoldedDocument[];
  /** Keeps one of those after all. */
  keep(document: FoldedDocument): void;
  /** All that are still there. */
  documents(): Iterable<FoldedDocument>;
  /** Ids of documents that were fed again after they had been forgotten: their replay begins anew. */
  lost(): ReadonlySet<string>;
  /** Documents that there are now, all but the lost ones. */
  readonly ids: IdTally;
}

export function createDocumentFold(projection: Projection, capacity: number): DocumentFold {
  const young = new Map<string, FoldedDocument>();
  const kept = new Map<string, FoldedDocument>();
  const lost = new Set<string>();
  const ids = createIdTally();
  let hasForgotten = false;

  function feed(id: string, event: ProjectedEvent): void {
    const known = kept.get(id) ?? young.get(id);
    if (known === undefined) {
      if (lost.has(id)) return;
      if (hasForgotten && !creates(projection, event, id)) {
        lost.add(id);
        ids.remove(id);
        return;
      }
    } else if (event.revision <= known.revision) return;
    const fields = evolved(projection, known ?? NOTHING, event, id);
    if (fields !== undefined && known?.fields === undefined) ids.add(id);
    if (fields === undefined && known?.fields !== undefined) ids.remove(id);
    if (known === undefined) {
      young.set(id, { id, revision: event.revision, fields });
      return;
    }
    known.revision = event.revision;
    known.fields = fields;
    if (young.delete(id)) kept.set(id, known);
  }

  return {
    see(event) {
      for (const id of projection.documentIds(event)) feed(id, event);
    },
    takeOldest() {
      if (young.size <= capacity) return [];
      const oldest = [...young.values().take(Math.ceil(capacity / 2))];
      for (const { id } of oldest) young.delete(id);
      hasForgotten = true;
      return oldest;
    },
    keep: (document) => void kept.set(document.id, document),
    *documents() {
      yield* young.values();
      yield* kept.values();
    },
    lost: () => lost,
    ids,
  };
}

const NOTHING = { revision: undefined, fields: undefined };

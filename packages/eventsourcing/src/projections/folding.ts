import type { Position } from '../event.ts';
import type { EventReader } from '../event-store/event-store.ts';
import { type Feedings, feedingsOf } from './feedings.ts';
import { type Folded, fold } from './fold.ts';
import { endOfCommitBefore, feedingsUpTo, foldTotals } from './fold-totals.ts';
import type { LogEntry } from './log-entry.ts';
import type { Projection } from './projection.ts';
import type { DocumentChange, ReadModelStore } from './read-model-store.ts';
import { lostDocuments, rebuild } from './rebuild.ts';
import { type Retrying, retried } from './retry.ts';
import { createStreamOrder } from './stream-order.ts';
import { createWorkingSet } from './working-set.ts';

/** What a projection has folded and not written yet, in memory. */
export interface Folding {
  /** Folds what comes after a position of a page that goes up to another one. */
  fold(page: LogPage, after: Position | undefined): Promise<Folded>;
  changes(): readonly DocumentChange[];
  /** The changes have been written. */
  written(): void;
  /** Whether a document was taken for new since the last write, without a look at the store. */
  guessed(): boolean;
  /** Begins again from what is stored, and looks for every document from now on. */
  beginAgain(): void;
}

export interface LogPage {
  readonly entries: readonly LogEntry[];
  readonly upTo: Position;
}

export interface FoldingOptions {
  readonly store: ReadModelStore;
  readonly reader: Pick<EventReader, 'readStream'>;
  readonly retrying: Retrying;
  /** Documents kept in memory. */
  readonly cachedDocuments: number;
}

export function createFolding(
  projection: Projection,
  { store, reader, retrying, cachedDocuments }: FoldingOptions,
): Folding {
  const documents = createWorkingSet(cachedDocuments);
  const order = createStreamOrder(cachedDocuments);
  const inLogOrder = projection.order === 'log';
  // Nearly every event of a total may create it, and nearly none does.
  let guess = !inLogOrder;
  let guessed = false;

  async function load(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const stored = await retried(() => store.load(projection, ids), retrying);
    for (const [id, { revision, fields, deleted }] of stored) {
      documents.add(id, { revision, fields: deleted ? undefined : fields });
    }
  }

  async function rebuildLost({ feedings, missing }: Feedings): Promise<void> {
    if (missing.size === 0 || inLogOrder) return;
    for (const lost of lostDocuments(projection, feedings, documents)) {
      await retried(() => rebuild(projection, reader, lost, documents), retrying);
    }
  }

  function foldInLogOrder({ feedings, failure }: Feedings, { entries, upTo }: LogPage): Folded {
    const end = failure && endOfCommitBefore(entries, failure.position);
    const whole = failure === undefined ? feedings : feedingsUpTo(end, feedings);
    const folded = foldTotals(projection, whole, documents, entries);
    if (folded.failure !== undefined) return folded;
    return { position: failure === undefined ? upTo : end, failure };
  }

  function foldByStream({ feedings, failure }: Feedings, { upTo }: LogPage): Folded {
    const folded = fold(projection, feedings, documents);
    if (folded.failure !== undefined) return folded;
    return { position: failure === undefined ? upTo : folded.position, failure };
  }

  return {
    async fold(page, after) {
      const found = feedingsOf(projection, page.entries, after, { documents, order, guess });
      guessed ||= found.guessed;
      await load([...found.missing]);
      await rebuildLost(found);
      return inLogOrder ? foldInLogOrder(found, page) : foldByStream(found, page);
    },
    changes: documents.changes,
    written() {
      documents.written();
      guessed = false;
    },
    guessed: () => guessed,
    beginAgain() {
      documents.forget();
      order.forget();
      guess = false;
      guessed = false;
    },
  };
}

import type { Position } from '../event.ts';
import { evolved } from '../projections/fold.ts';
import type { ProjectedEvent, Projection } from '../projections/projection.ts';
import type { DocumentChange } from '../projections/read-model-store.ts';
import { createDocumentFold } from './document-fold.ts';
import { createFindings } from './findings.ts';
import type { ModelCheckOptions, Pass } from './model-check.ts';
import { replay } from './replayed-event.ts';

/**
 * Folds the log up to its end and compares nothing: names what would stop a projection that has not come there.
 *
 * @param after - what is up to here is folded, and not named
 */
export async function* checkFold(
  options: ModelCheckOptions,
  after?: Position,
): AsyncGenerator<Pass, void, undefined> {
  const { projection, findings } = options;
  const through = await options.head();
  if (through === undefined) return;
  const named = createFindings();
  const { see, afterPage } = projection.order === 'log' ? foldTotals(projection) : foldDocuments(options);
  yield {
    after: undefined,
    through,
    see: (entry) =>
      replay(
        projection,
        entry,
        after !== undefined && entry.recorded.position <= after ? named : findings,
        see,
      ),
    afterPage,
  };
}

interface Fold {
  see(event: ProjectedEvent): void;
  afterPage(): Promise<void>;
}

function foldDocuments({ projection, capacity }: ModelCheckOptions): Fold {
  const fold = createDocumentFold(projection, capacity);
  return {
    see: fold.see,
    async afterPage() {
      while (fold.takeOldest().length > 0);
    },
  };
}

function foldTotals(projection: Projection): Fold {
  const totals = new Map<string, DocumentChange['fields']>();
  return {
    see(event) {
      for (const id of projection.documentIds(event)) {
        const fields = totals.get(id);
        totals.set(id, evolved(projection, { revision: undefined, fields }, event, id));
      }
    },
    async afterPage() {},
  };
}

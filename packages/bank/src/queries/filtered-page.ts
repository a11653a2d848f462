import { setImmediate } from 'node:timers/promises';
import {
  type Document,
  type Page,
  planQuery,
  type Query,
  type ReadModel,
  type ReadModelReader,
} from '@openbank/eventsourcing';

/** Documents that are read at once: others get a turn after each stride. */
const STRIDE = 250;
/** Documents that are looked at for one page. */
const MOST_LOOKED_AT = 20_000;

/** What no index tells. */
export interface LookedThrough {
  /** Tells this filter from every other one of the same list. */
  readonly mark: string;
  isWanted(document: Document): boolean;
}

/**
 * A page of the documents that are wanted, where no index tells them from the others: looks at one after the other. Once
 * it has looked at 20,000 the page ends, be it short or empty, and `next` leads on from there,
 * for this filter alone.
 *
 * @throws QueryRefused, CursorRefused - as `find` does
 */
export async function filteredPage(
  models: ReadModelReader,
  model: ReadModel,
  query: Query,
  { mark, isWanted }: LookedThrough,
): Promise<Page> {
  const marked = { ...query, mark };
  const { cursor: cursorAfter } = planQuery(model, marked);
  const documents: Document[] = [];
  let next = query.cursor;
  for (let lookedAt = 0; lookedAt < MOST_LOOKED_AT; lookedAt += STRIDE) {
    const stride = await models.find(model, { ...marked, limit: STRIDE, ...(next && { cursor: next }) });
    for (const document of stride.documents) {
      if (isWanted(document)) documents.push(document);
      if (documents.length < query.limit) continue;
      const isLast = document === stride.documents.at(-1);
      return { documents, next: isLast ? stride.next : cursorAfter(document) };
    }
    next = stride.next;
    if (next === undefined) break;
    await setImmediate();
  }
  return { documents, next };
}

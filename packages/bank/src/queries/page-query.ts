import type { Query } from '@openbank/eventsourcing';
import type { Paging } from './query-description.ts';

/** The part of a store's query that says which page is wanted. */
export function pageQuery({ limit, cursor }: Paging): Pick<Query, 'limit' | 'cursor'> {
  return cursor === undefined ? { limit } : { limit, cursor };
}

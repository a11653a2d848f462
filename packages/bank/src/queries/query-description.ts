import type { ReadModel } from '@openbank/eventsourcing';
import type { Refusal } from '../domain/refusal.ts';

/** What a program has to know of a query to make it wait for its read models. */
export interface QueryDescription {
  /** Every read model that its answer draws on. */
  readonly drawsOn: readonly ReadModel[];
}

/** What it has to know besides of a query that looks for one thing, or for what belongs to it: what a miss means. */
export interface LookupDescription<Query> extends QueryDescription {
  /**
   * The stream that exists if what it looks for does: then a miss is only a read model that is behind. Undefined where
   * no stream tells: then a miss is one once its read models show all that was written before it. All that the answer
   * shows of models that such a stream can feed is fed by this one.
   */
  stream(query: Query): string | undefined;
  /** What a miss means. */
  notFound(): Refusal;
}

/** What a query has found. */
export interface Found<Answer> {
  readonly answer: Answer;
  /** Revision of the stream that the answer shows, for its `ETag`. */
  readonly revision: number;
}

/** What every list is asked with. */
export interface Paging {
  /** Items of a page at most, 1 or more. */
  readonly limit: number;
  /** `next` of the page before, from the same list; undefined for the first page. */
  readonly cursor?: string | undefined;
}

/** A page of a list. What is added to the list meanwhile moves none of the following pages. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  /** Where the next page starts; undefined on the last one. */
  readonly next: string | undefined;
}

import type { ReadModel } from '@openbank/eventsourcing';
import type { Refusal } from '../domain/refusal.ts';

/** What a program has to know of a query to make it wait for its read models and to answer its misses. */
export interface QueryDescription<Query> {
  /** Every read model that its answer draws on. */
  readonly drawsOn: readonly ReadModel[];
  /** The stream that exists if what it looks for does: then a miss is only a read model that is behind. */
  stream(query: Query): string;
  /** What a miss means where that stream does not exist. */
  notFound(): Refusal;
}

/** What a query has found. */
export interface Found<Answer> {
  readonly answer: Answer;
  /** Revision of the stream that the answer shows, for its `ETag`. */
  readonly revision: number;
}

import type { Collection } from 'mongodb';

/**
 * What a collection of a read model holds, beside its documents: the declaration and the checkpoints of its partitions,
 * whose ids are objects. Ids of documents are strings. So a collection that is lost, or restored from a backup, is never
 * without the checkpoints that belong to it.
 */
export interface Row {
  readonly _id: string | { readonly model: string } | { readonly checkpoint: number };
  readonly [field: string]: unknown;
}

export type Rows = Collection<Row>;

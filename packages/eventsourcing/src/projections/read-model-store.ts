import type { Position } from '../event.ts';

/**
 * The shape of a read model's documents, field by field. `integer` is a 64-bit integer, a bigint in documents (money:
 * minor units); `text` is a string; `json` is any plain JSON value. Every field may be null.
 */
export type FieldType = 'text' | 'integer' | 'json';

/** One version of a read model. */
export interface ModelVersion {
  /** Lower case words joined by underscores, for example `accounts`. */
  readonly name: string;
  /** Raised whenever the documents that come out of the same events change. Stores keep versions apart. */
  readonly version: number;
}

/** A read model as a store keeps it. */
export interface ReadModel extends ModelVersion {
  readonly fields: Readonly<Record<string, FieldType>>;
  /**
   * Field lists that `find` may filter and sort by: an index serves the queries that filter by all of its fields, in
   * any order, and sort by id, or by all but the last and sort by that. Sorting by id needs no index. Text and integer
   * fields only.
   */
  readonly indexes: readonly (readonly string[])[];
  /**
   * `stream`, the default: a document is fed by one stream and carries that stream's revision. `log`: totals. A document
   * is fed by many streams, in the order of the log, and its revision counts the events that it has folded; the model
   * declares a text field `position`, which the runner fills in: what is at or before it is not folded again.
   */
  readonly order?: 'stream' | 'log';
  /**
   * Documents are made in the order of the log, in ever greater numbers, and hardly ever changed: lines of a statement,
   * for example. Advice to stores, which may keep the old apart from the new.
   */
  readonly grows?: boolean;
}

/** A document: its id, the revision of its stream that it shows, and its fields. */
export interface Document {
  readonly id: string;
  /** Revision of the last event of its stream that it has folded. */
  readonly revision: number;
  readonly fields: DocumentFields;
}
/** The values of a document by the names of their fields. */
export type DocumentFields = Readonly<Record<string, FieldValue>>;
export type FieldValue = string | bigint | null | JsonValue;
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** What one batch does to one document. A deletion leaves a tombstone: its id and revision. */
export interface DocumentChange {
  readonly id: string;
  /** Revision of the stored document that the fold started from; undefined where there was none. */
  readonly from: number | undefined;
  readonly revision: number;
  /** Undefined deletes. */
  readonly fields: DocumentFields | undefined;
}

/** What one owner has folded of a model: of all the streams of one partition. */
export interface Batch {
  /** See `partitionsOf`; 0 where there is only one. */
  readonly partition: number;
  /** The checkpoint that the batch starts from; undefined before the first one. */
  readonly after: Position | undefined;
  /** The checkpoint once it is applied. */
  readonly position: Position;
  /** The owner's epoch: see `takeOver`. */
  readonly epoch: number;
  readonly changes: readonly DocumentChange[];
}

export interface Query {
  /** Equality on indexed fields. */
  readonly where?: Readonly<Record<string, string | bigint | null>>;
  /**
   * Indexed field, or `id`. Null comes first, text goes by its UTF-8 bytes, ties are broken by id; descending is
   * exactly the reverse. Default: `id`, ascending.
   */
  readonly orderBy?: { readonly field: string; readonly direction: 'ascending' | 'descending' };
  /** Bounds of the field that `orderBy` names: at or after `from`, before `to`. Null is in no range. */
  readonly range?: { readonly from?: string | bigint; readonly to?: string | bigint };
  /** What the caller filters by itself: cursors belong to it as to all else of the query. */
  readonly mark?: string;
  /** 1 or more. */
  readonly limit: number;
  /** A cursor of an earlier page of the same query: it carries sort values, so that added rows move nothing. */
  readonly cursor?: string;
}

export interface Page {
  readonly documents: readonly Document[];
  /** Where the next page starts; undefined on the last one. */
  readonly next: string | undefined;
}

/** The reading half: all that queries need. */
export interface ReadModelReader {
  get(model: ReadModel, id: string): Promise<Document | undefined>;
  /** Those that there are of these ids, all at one moment. */
  getMany(model: ReadModel, ids: readonly string[]): Promise<ReadonlyMap<string, Document>>;
  find(model: ReadModel, query: Query): Promise<Page>;
  /** How far each partition of the model has folded the log; undefined before its first batch. See `leastOf`. */
  checkpoints(model: ReadModel): Promise<readonly (Position | undefined)[]>;
  /** The version of a read model that queries are answered from; undefined while none has been filled yet. */
  liveVersion(name: string): Promise<number | undefined>;
  /** How many documents there are, tombstones left out, and how far the model is: both at one moment. */
  census(model: ReadModel): Promise<Census>;
  /**
   * What is wrong with how the model is kept and no document shows, such as an index that lacks one: a sentence each, with
   * nothing personal in it. It looks at all that there is.
   */
  faults(model: ReadModel): Promise<readonly string[]>;
}

export interface Census {
  readonly documents: number;
  /** Of the partition that is least far. */
  readonly checkpoint: Position | undefined;
}

/**
 * Where read models are kept. The contract suite in `testing/read-model-store-contract.ts` is the definition of every
 * sentence here.
 */
export interface ReadModelStore extends ReadModelReader {
  /** Into how many parts, each with an owner of its own, the streams that feed a model are divided. For ever the same. */
  readonly partitions: number;
  /**
   * Creates what the model needs (table, collection, indexes). Idempotent. Where what held its documents is lost, so is
   * its checkpoint, and the version is not live until `setLive` says so again.
   */
  prepare(model: ReadModel): Promise<void>;
  /**
   * Makes the caller the only writer of a partition of the model: returns a new epoch; batches with an older one are
   * refused from now on.
   */
  takeOver(model: ReadModel, partition: number): Promise<number>;
  /** Documents by id, for folding: tombstones included, as documents whose `deleted` is true. */
  load(model: ReadModel, ids: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>>;
  /**
   * Documents and checkpoint together: a batch applied twice, or by a displaced owner, changes nothing. Each document
   * is in it once. One that is stored at or past the change's revision is left alone: it has seen the events already.
   *
   * @throws EventSourcingError `displaced` - the checkpoint is not `after`, the epoch is not the owner's, or a stored
   *   document that has not seen the events is not at `from`: stop
   * @throws EventSourcingError `document-refused` - the store will never take one of the documents
   * @throws EventSourcingError `store-unavailable` or `storage-full` - try again later
   */
  apply(model: ReadModel, batch: Batch): Promise<void>;
  /** From now on queries are answered from this version. Idempotent. */
  setLive(model: ReadModel): Promise<void>;
  /** The versions of a read model that are kept, ascending. */
  versions(name: string): Promise<readonly number[]>;
  /** Deletes a version that is not live: its documents and its checkpoint. Idempotent. */
  drop(model: ModelVersion): Promise<void>;
  close(): Promise<void>;
}

export interface StoredDocument extends Document {
  readonly deleted: boolean;
}

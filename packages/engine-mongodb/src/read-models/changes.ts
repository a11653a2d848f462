import { type DocumentChange, displaced, EventSourcingError, type ReadModel } from '@openbank/eventsourcing';
import { type AnyBulkWriteOperation, BSON, type ClientSession, MongoBulkWriteError } from 'mongodb';
import { DUPLICATE_KEY } from '../connection/mongo-error.ts';
import { rowOf } from './documents.ts';
import { mostBytes } from './most-bytes.ts';
import type { Row, Rows } from './rows.ts';

/** A change that the model allows, and what becomes of the document. */
export interface CheckedChange extends Pick<DocumentChange, 'id' | 'from' | 'revision'> {
  readonly row: Row;
  /** At most. */
  readonly bytes: number;
}

/** Options of all commands of a batch. */
export interface Within {
  /** What its caller does not wait for any more does not run on. */
  readonly maxTimeMS: number;
  /** Of a transaction. */
  readonly session?: ClientSession;
}

/**
 * MongoDB takes no document past 16 MiB (https://www.mongodb.com/docs/manual/reference/limits/), and the driver no
 * statement: one that replaces a document names it once more.
 */
const LARGEST_STATEMENT = 16 * 2 ** 20;
/** Bytes of a statement beside the document and its id. */
const REPLACING = 1_024;
/** Operations, and bytes, of one bulk write: some 10 ms of a server's time. */
const MOST_OPERATIONS = 1_000;
const MOST_BYTES = 8 * 2 ** 20;

/** @throws EventSourcingError `document-refused` - before anything is written */
export function checkChanges(model: ReadModel, changes: readonly DocumentChange[]): readonly CheckedChange[] {
  return changes.map((change) => {
    const { id, from, revision } = change;
    const row = rowOf(model, change);
    const bytes = mostBytes(row);
    const room = LARGEST_STATEMENT - REPLACING - Buffer.byteLength(id);
    if (bytes > room && BSON.calculateObjectSize(row) > room) throw tooLarge(model, id);
    return { id, from, revision, row, bytes };
  });
}

/**
 * Writes each document that is as its fold found it. One that is not, and is stored at or past the change's revision, is
 * left alone: it has seen the events already, in a batch whose owner has died before its checkpoint, for example.
 *
 * @throws EventSourcingError `displaced` - one that is not has not seen them; others may be written
 */
export async function writeChanges(
  model: ReadModel,
  rows: Rows,
  changes: readonly CheckedChange[],
  within: Within,
): Promise<void> {
  for (const chunk of chunks(changes)) {
    const operations = chunk.filter(mayChange).map(operationOf);
    const written = operations.length === 0 ? 0 : await writtenOf(rows, operations, within);
    if (written < chunk.length) await notSeen(model, rows, chunk, within);
  }
}

/**
 * Those of the changes whose documents are as the folds found them; without those that have seen their events.
 *
 * @throws EventSourcingError `displaced` - a document is neither
 */
export async function notSeen(
  model: ReadModel,
  rows: Rows,
  changes: readonly CheckedChange[],
  within: Within,
): Promise<readonly CheckedChange[]> {
  const stored = await revisionsOf(rows, changes, within);
  return changes.filter(({ id, from, revision }) => {
    const found = stored.get(id);
    if (found !== undefined && found >= revision) return false;
    if (found !== from) throw displaced(model);
    return true;
  });
}

async function revisionsOf(
  rows: Rows,
  changes: readonly CheckedChange[],
  within: Within,
): Promise<ReadonlyMap<unknown, number>> {
  const ids = changes.map(({ id }) => id);
  const found = await rows
    .find({ _id: { $in: ids } }, { ...within, projection: { revision: 1 }, batchSize: ids.length + 1 })
    .toArray();
  return new Map(found.map(({ _id, revision }) => [_id, Number(revision)]));
}

function mayChange({ from, revision }: CheckedChange): boolean {
  return from === undefined || from < revision;
}

function operationOf({ id, from, row }: CheckedChange): AnyBulkWriteOperation<Row> {
  if (from === undefined) return { insertOne: { document: row } };
  return { replaceOne: { filter: { _id: { $eq: id }, revision: { $eq: from } }, replacement: row } };
}

/** How many documents were as expected. Where an insert finds one, others of the same bulk are written nonetheless. */
async function writtenOf(
  rows: Rows,
  operations: readonly AnyBulkWriteOperation<Row>[],
  within: Within,
): Promise<number> {
  try {
    const { insertedCount, matchedCount } = await rows.bulkWrite([...operations], {
      ...within,
      ordered: false,
    });
    return insertedCount + matchedCount;
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || !onlyFoundSome(error)) throw error;
    return error.result.insertedCount + error.result.matchedCount;
  }
}

function onlyFoundSome({ result }: MongoBulkWriteError): boolean {
  const errors = result.getWriteErrors();
  const durable = result.getWriteConcernError() === undefined;
  return durable && errors.length > 0 && errors.every(({ code }) => code === DUPLICATE_KEY);
}

function* chunks(changes: readonly CheckedChange[]): Generator<readonly CheckedChange[]> {
  let chunk: CheckedChange[] = [];
  let bytes = 0;
  for (const change of changes) {
    if (chunk.length === MOST_OPERATIONS || (chunk.length > 0 && bytes + change.bytes > MOST_BYTES)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(change);
    bytes += change.bytes;
  }
  if (chunk.length > 0) yield chunk;
}

/** Names the document, never a value. */
function tooLarge(model: ReadModel, id: string): EventSourcingError {
  return new EventSourcingError(
    'document-refused',
    `The document ${id} of ${model.name} version ${model.version} is larger than the 16 MiB that MongoDB takes.`,
  );
}

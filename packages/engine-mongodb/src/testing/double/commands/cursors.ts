import { calculateObjectSize, Long } from 'bson';
import { CommandError } from '../command-error.ts';
import type { Document } from '../values/document.ts';

/** Results that are fetched in batches. A cursor shows the documents as they were when it was opened. */
export interface Cursors {
  open(namespace: string, documents: readonly Document[], options: CursorOptions): Document;
  next(id: bigint, namespace: string, batchSize: number | undefined): Document;
  /** Whether there was one. */
  kill(id: bigint): boolean;
  killAll(): void;
}

interface CursorOptions {
  /** Documents of the first batch. Default 101, as a server has it. */
  readonly batchSize?: number | undefined;
  readonly singleBatch?: boolean;
}

interface Cursor {
  readonly namespace: string;
  readonly documents: readonly Document[];
  at: number;
}

const FIRST_BATCH = 101;
/** Bytes of a batch at most; a single document may be as large. */
const LARGEST_BATCH = 16 * 1024 * 1024;

export function createCursors(): Cursors {
  const cursors = new Map<bigint, Cursor>();
  let lastId = 4_000_000_000n;

  return {
    open(namespace, documents, { batchSize = FIRST_BATCH, singleBatch = false }) {
      const cursor = { namespace, documents, at: 0 };
      const firstBatch = take(cursor, batchSize);
      const more = cursor.at < documents.length && !singleBatch;
      if (more) cursors.set(++lastId, cursor);
      return { cursor: { firstBatch, id: more ? lastId : Long.ZERO, ns: namespace } };
    },
    next(id, namespace, batchSize = Number.POSITIVE_INFINITY) {
      const cursor = cursors.get(id);
      if (cursor?.namespace !== namespace)
        throw new CommandError(43, 'CursorNotFound', `cursor id ${id} not found`);
      const nextBatch = take(cursor, batchSize || Number.POSITIVE_INFINITY);
      const ended = cursor.at >= cursor.documents.length;
      if (ended) cursors.delete(id);
      return { cursor: { nextBatch, id: ended ? Long.ZERO : id, ns: cursor.namespace } };
    },
    kill: (id) => cursors.delete(id),
    killAll: () => cursors.clear(),
  };
}

function take(cursor: Cursor, count: number): readonly Document[] {
  const batch: Document[] = [];
  let bytes = 0;
  while (batch.length < count && cursor.at < cursor.documents.length) {
    const document = cursor.documents[cursor.at] ?? {};
    bytes += calculateObjectSize(document);
    if (batch.length > 0 && bytes > LARGEST_BATCH) break;
    batch.push(document);
    cursor.at++;
  }
  return batch;
}

import type { DatabaseSync } from 'node:sqlite';
import { allRowsOf, count, prepare } from '../../sqlite/columns.ts';
import type { IndexReader } from '../indexing/index-reader.ts';
import type { Tail } from './tail.ts';

/**
 * The tail of a thread that is not told of commits: it looks through what the index does not hold yet, which is
 * little. It finds streams; claims are the business of the thread that appends.
 */
export function createScannedTail(
  database: DatabaseSync,
  index: IndexReader,
  durable: () => number,
): Pick<Tail, 'stream'> {
  const young = prepare(
    database,
    'SELECT position, revision FROM events WHERE position > ? AND position <= ? AND stream = ? ORDER BY position',
  );
  return {
    stream(name) {
      const rows = allRowsOf(young, index.reached()?.position ?? 0, durable(), name);
      const [first] = rows;
      if (first === undefined) return undefined;
      return { first: count(first[1]), positions: rows.map(([position]) => count(position)) };
    },
  };
}

import type { DatabaseSync } from 'node:sqlite';
import { allRowsOf, type Columns, columns, count, rowOf, rowsOf, text } from '../../sqlite/columns.ts';
import type { IndexedRow } from '../indexing/index-batch.ts';
import { damagedAt, type LogRow, toLogRow } from '../log-row.ts';
import { prepareLog } from '../log-schema.ts';

/** Reads rows of the log. Every row is checked against its CRC, and against its place. */
export interface LogReader {
  /** @throws EventSourcingError `store-damaged` - there is none, or it is not as it was written */
  row(position: number): LogRow;
  lastRow(): LogRow | undefined;
  /**
   * The rows after a position, up to another one that is in the log.
   *
   * @throws EventSourcingError `store-damaged` - one of them is missing or not as it was written
   */
  rows(after: number, through: number): Generator<LogRow, void, undefined>;
  /**
   * As `rows`, but only what the index is made from, and not checked: for rows that this process has just written. What
   * the index leads to is checked when it is read.
   */
  youngKeys(after: number, through: number): Generator<IndexedRow, void, undefined>;
}

/** Rows that are taken at once: they are short. */
const KEYS = 2_000;

export function createLogReader(database: DatabaseSync): LogReader {
  const statements = prepareLog(database);
  return {
    row(position) {
      const found = rowOf(statements.rowAt, position);
      if (found === undefined) throw damagedAt(position, 'the event is missing');
      return toLogRow(found);
    },
    lastRow() {
      const found = rowOf(statements.lastRow);
      return found === undefined ? undefined : toLogRow(found);
    },
    *rows(after, through) {
      let next = after + 1;
      for (const found of rowsOf(statements.rowsAfter, after, through)) {
        const row = toLogRow(columns(found));
        if (row.position !== next) throw damagedAt(next, 'the event is missing');
        next++;
        yield row;
      }
      if (next <= through) throw damagedAt(next, 'the event is missing');
    },
    *youngKeys(after, through) {
      for (let next = after + 1; next <= through; ) {
        const keys = allRowsOf(statements.keysAfter, next - 1, through, KEYS);
        if (keys.length === 0) throw damagedAt(next, 'the event is missing');
        for (const key of keys) {
          const row = toIndexedRow(key);
          if (row.position !== next) throw damagedAt(next, 'the event is missing');
          next++;
          yield row;
        }
      }
    },
  };
}

function toIndexedRow([position, stream, revision, claims, commitLast]: Columns): IndexedRow {
  return {
    position: count(position),
    stream: text(stream),
    revision: count(revision),
    claims: claims === null ? null : text(claims),
    commitLast: count(commitLast),
  };
}

import type { DatabaseSync } from 'node:sqlite';
import { rowOf, rowsOf } from '../sqlite/columns.ts';
import { damagedAt, type LogRow, toLogRow } from './log-row.ts';
import { prepareLog } from './log-schema.ts';

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
}

export function createLogReader(database: DatabaseSync): LogReader {
  const statements = prepareLog(database);
  return {
    row(position) {
      const columns = rowOf(statements.rowAt, position);
      if (columns === undefined) throw damagedAt(position, 'the event is missing');
      return toLogRow(columns);
    },
    lastRow() {
      const columns = rowOf(statements.lastRow);
      return columns === undefined ? undefined : toLogRow(columns);
    },
    *rows(after, through) {
      let next = after + 1;
      for (const columns of rowsOf(statements.rowsAfter, after, through)) {
        const row = toLogRow(columns);
        if (row.position !== next) throw damagedAt(next, 'the event is missing');
        next++;
        yield row;
      }
      if (next <= through) throw damagedAt(next, 'the event is missing');
    },
  };
}

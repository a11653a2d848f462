import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHAIN_START, EventSourcingError, type Position } from '@openbank/eventsourcing';
import { damagedAt } from './log-row.ts';
import type { DerivedPosition } from './messages.ts';
import { toRow } from './position.ts';
import type { LogReader } from './reading/log-reader.ts';
import { HEAD_FILE, type Head, readHeadFile } from './writing/head-file.ts';

/** Rows at the end of the log that every start looks at. */
const LOOKED_AT = 100;

/** The end of a log as it is opened. */
export interface LogEnd {
  readonly head: Head;
  /** Microseconds since 1970. */
  readonly lastRecordedAt: number;
}

/**
 * Looks at the end of the log before anything is served. What remembers more than the log holds is evidence that the
 * log has lost its end.
 *
 * @throws EventSourcingError `store-damaged` - the message says what is wrong
 */
export function checkLogEnd(directory: string, log: LogReader, derived: readonly DerivedPosition[]): LogEnd {
  const last = log.lastRow();
  const position = last?.position ?? 0;
  for (const row of log.rows(Math.max(0, position - LOOKED_AT), position)) {
    if (row.commitLast > position) throw damagedAt(position, 'the log ends within a commit');
  }
  for (const { name, position: reached } of derived) refuseAhead(rowOf(name, reached), position, name);
  checkHead(headOf(directory), log, position);
  return { head: { position, link: last?.link ?? CHAIN_START }, lastRecordedAt: last?.recordedAt ?? 0 };
}

function checkHead(head: Head | undefined, log: LogReader, position: number): void {
  if (head === undefined) return;
  refuseAhead(head.position, position, 'the file head');
  if (head.position > 0 && log.row(head.position).link !== head.link) {
    throw damagedAt(head.position, 'the file head remembers another event there');
  }
}

function rowOf(name: string, reached: Position | undefined): number {
  try {
    return toRow(reached);
  } catch {
    throw new EventSourcingError(
      'store-damaged',
      `${name} is damaged: it remembers events up to ${JSON.stringify(reached)}, which is no position. Stop, delete ${name}*, and start: it is made again from the log.`,
    );
  }
}

function refuseAhead(reached: number, position: number, name: string): void {
  if (reached <= position) return;
  throw new EventSourcingError(
    'store-damaged',
    `log.db ends at position ${position}, but ${name} remembers events up to ${reached}: the log has lost its end. Restore the whole data directory from one backup.`,
  );
}

function headOf(directory: string): Head | undefined {
  const path = join(directory, HEAD_FILE);
  if (existsSync(path)) return readHeadFile(path);
  writeFileSync(path, '', { mode: 0o600 });
  return undefined;
}

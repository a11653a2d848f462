import { setImmediate } from 'node:timers/promises';
import {
  createPageRoom,
  EventSourcingError,
  type ReadStreamOptions,
  type RecordedEvent,
} from '@openbank/eventsourcing';
import { allRowsOf } from '../../sqlite/columns.ts';
import { toStoreError } from '../../sqlite/sqlite-error.ts';
import { type LogRow, rowBytes, rowOfText, toEvent } from '../log-row.ts';
import { LOG_FILE, type StreamStatements } from '../log-schema.ts';
import { checkedRow, type Places, revisionOf } from './lookup.ts';

export interface StreamSource extends Places {
  readonly streams: StreamStatements;
  isOpen(): boolean;
  /** @throws EventSourcingError `store-unavailable` - it is closed */
  assertOpen(): void;
}

/** The port's `readStream`. The end is as of the call. */
export function streamPages(source: StreamSource, stream: string, options: ReadStreamOptions) {
  const { from, direction = 'forwards', limit = Number.POSITIVE_INFINITY } = options;
  const end = source.isOpen() ? lastRevision(source, stream) : -1;
  return direction === 'forwards'
    ? forwards(source, stream, Math.max(from ?? 0, 0), Math.min(end, (from ?? 0) + limit - 1))
    : backwards(source, stream, Math.min(from ?? end, end), limit);
}

async function* forwards(source: StreamSource, stream: string, from: number, last: number) {
  source.assertOpen();
  for (let next = from; next <= last; ) {
    const page = collect(() => rowsUpwards(source, stream, next, last));
    yield page;
    next += page.length;
    if (next <= last) await breathe(source);
  }
}

async function* backwards(source: StreamSource, stream: string, from: number, limit: number) {
  source.assertOpen();
  const last = Math.max(from - limit + 1, 0);
  for (let next = from; next >= last; ) {
    const page = collect(() => rowsDownwards(source, stream, next, last));
    yield page;
    next -= page.length;
    if (next >= last) await breathe(source);
  }
}

/** Between two pages others get their turn, and the store may have been closed. */
async function breathe(source: StreamSource): Promise<void> {
  await setImmediate();
  source.assertOpen();
}

function lastRevision(source: StreamSource, stream: string): number {
  const revision = revisionOf(source, stream);
  return revision === 'no-stream' ? -1 : revision;
}

function collect(rows: () => Iterable<LogRow>): readonly RecordedEvent[] {
  const page: RecordedEvent[] = [];
  const room = createPageRoom();
  try {
    for (const row of rows()) {
      const event = toEvent(row);
      page.push(event);
      room.take(rowBytes(row));
      if (room.full()) break;
    }
  } catch (error) {
    throw toStoreError(error, LOG_FILE);
  }
  return page;
}

/** From the index up to where the tail begins, or from the tail. */
function* rowsUpwards(source: StreamSource, stream: string, from: number, last: number): Generator<LogRow> {
  const young = source.tail.stream(stream);
  if (young !== undefined && from >= young.first) {
    const positions = young.positions.slice(from - young.first, last - young.first + 1);
    yield* youngRows(source, stream, positions, from, 1);
    return;
  }
  yield* indexedRows(source, stream, from, young === undefined ? last : Math.min(last, young.first - 1));
}

function* rowsDownwards(source: StreamSource, stream: string, from: number, last: number): Generator<LogRow> {
  const young = source.tail.stream(stream);
  if (young !== undefined && from >= young.first) {
    const positions = young.positions
      .slice(Math.max(last - young.first, 0), from - young.first + 1)
      .reverse();
    yield* youngRows(source, stream, positions, from, -1);
    return;
  }
  yield* indexedRows(source, stream, from, last);
}

/** Rows that are taken at once: few, until it is known how large they are. One by one they cost a fifth more. */
const FIRST_ROWS = 8;
const MOST_ROWS = 250;
/** Bytes that are taken at once, about. */
const BYTES_AT_ONCE = 256 * 1024;

/** Revisions from one to another, both included, upwards or downwards. */
function* indexedRows(source: StreamSource, stream: string, from: number, to: number): Generator<LogRow> {
  const step = from <= to ? 1 : -1;
  const statement = step === 1 ? source.streams.forwards : source.streams.backwards;
  let atOnce = FIRST_ROWS;
  for (let next = from; (to - next) * step >= 0; ) {
    const end = next + Math.min(atOnce - 1, Math.abs(to - next)) * step;
    let bytes = 0;
    for (const columns of allRowsOf(statement, stream, Math.min(next, end), Math.max(next, end))) {
      const row = checkedRow(rowOfText(columns), stream, next);
      bytes += rowBytes(row);
      next += step;
      yield row;
    }
    if ((end - next) * step >= 0) throw lost(stream, next);
    atOnce = Math.min(MOST_ROWS, Math.ceil((BYTES_AT_ONCE * atOnce) / bytes));
  }
}

function* youngRows(
  source: StreamSource,
  stream: string,
  positions: readonly number[],
  from: number,
  step: 1 | -1,
) {
  let revision = from;
  for (const position of positions) {
    yield checkedRow(source.log.row(position), stream, revision);
    revision += step;
  }
}

function lost(stream: string, revision: number): EventSourcingError {
  return new EventSourcingError(
    'store-damaged',
    `index.db has lost ${stream} at revision ${revision}: stop, delete index.db and start, and it is made again.`,
  );
}

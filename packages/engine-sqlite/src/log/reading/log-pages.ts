import { setImmediate } from 'node:timers/promises';
import {
  createPageRoom,
  type EventPage,
  hasPrefix,
  type ReadAllOptions,
  type RecordedEvent,
} from '@openbank/eventsourcing';
import { toStoreError } from '../../sqlite/sqlite-error.ts';
import { rowBytes, toEvent } from '../log-row.ts';
import { LOG_FILE } from '../log-schema.ts';
import { toPosition, toRow } from '../position.ts';
import type { LogReader } from './log-reader.ts';

export interface LogSource {
  readonly log: LogReader;
  /** The last durable row. */
  durable(): number;
  /** @throws EventSourcingError `store-unavailable` - it is closed */
  assertOpen(): void;
}

/** Rows that one page goes over at most, so that others get their turn. */
const SCANNED_ROWS = 5_000;

/** The port's `readAll`. The end is as of the call. */
export function logPages(source: LogSource, options: ReadAllOptions) {
  return pages(source, options, toRow(options.after), source.durable());
}

async function* pages(
  source: LogSource,
  { prefixes, limit = Number.POSITIVE_INFINITY }: ReadAllOptions,
  after: number,
  end: number,
): AsyncGenerator<EventPage, void, undefined> {
  let reached = after;
  let left = limit;
  source.assertOpen();
  // Others get their turn, also when a caller asks again and again for what is not there yet.
  if (reached >= end) await setImmediate();
  while (reached < end && left > 0) {
    const page = scan(source.log, reached, end, prefixes, left);
    yield { events: page.events, position: toPosition(page.reached) };
    reached = page.reached;
    left -= page.events.length;
    await setImmediate();
    source.assertOpen();
  }
}

/**
 * One page of whole commits, unless the limit cuts one. Foreign events are checked and counted, not unpacked: there can
 * be more of them in a scan than of others in a page.
 */
function scan(
  log: LogReader,
  after: number,
  end: number,
  prefixes: readonly string[] | undefined,
  limit: number,
) {
  const events: RecordedEvent[] = [];
  const room = createPageRoom();
  let reached = after;
  try {
    for (const row of log.rows(after, end)) {
      reached = row.position;
      if (hasPrefix(row.stream, prefixes)) {
        const event = toEvent(row);
        room.take(rowBytes(row));
        events.push(event);
      }
      const full = room.full() || reached - after >= SCANNED_ROWS;
      if (events.length === limit || (full && reached === row.commitLast)) break;
    }
  } catch (error) {
    throw toStoreError(error, LOG_FILE);
  }
  return { events, reached };
}

import { setImmediate } from 'node:timers/promises';
import {
  createPageRoom,
  type EventPage,
  hasPrefix,
  type ReadAllOptions,
  type RecordedEvent,
} from '@openbank/eventsourcing';
import type { LogReader } from './log-reader.ts';
import { toEvent } from './log-row.ts';
import { LOG_FILE } from './log-schema.ts';
import { toPosition, toRow } from './position.ts';
import { toStoreError } from './sqlite-error.ts';

export interface LogSource {
  readonly log: LogReader;
  /** The last durable row. */
  durable(): number;
  /** @throws EventSourcingError `store-unavailable` - it is closed */
  assertOpen(): void;
}

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
  while (reached < end && left > 0) {
    const page = scan(source.log, reached, end, prefixes, left);
    yield { events: page.events, position: toPosition(page.reached) };
    reached = page.reached;
    left -= page.events.length;
    if (reached < end && left > 0) await setImmediate();
    source.assertOpen();
  }
}

/** One page of whole commits, unless the limit cuts one. */
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
      const event = toEvent(row);
      room.take(event);
      if (hasPrefix(row.stream, prefixes)) events.push(event);
      if (events.length === limit || (room.full() && row.position === row.commitLast)) break;
    }
  } catch (error) {
    throw toStoreError(error, LOG_FILE);
  }
  return { events, reached };
}

import { setImmediate } from 'node:timers/promises';
import { EventSourcingError } from '../errors.ts';
import type { Position, RecordedEvent } from '../event.ts';
import type { EventReader } from '../event-store/event-store.ts';
import { indexInCommit, sizeOfCommit } from './place-in-commit.ts';

/**
 * Where the log was at a time: the end of the last commit before the first one, in log order, that was recorded later.
 * Undefined where there is none. A commit was recorded when its first event was: its events are some microseconds apart,
 * and whoever asks for the time of one of them finds the commit.
 *
 * Where one clock stamps the whole log (`EventReader.oneClock`) it takes some 30 small reads. Else the times of
 * different streams need not rise together, so that the log is read from its start: right, and slow.
 *
 * @param time - microseconds since 1970
 * @throws the signal's reason; EventSourcingError `store-unavailable`, `store-damaged`
 */
export async function positionAsOf(
  reader: EventReader,
  time: number,
  signal?: AbortSignal,
): Promise<Position | undefined> {
  return reader.oneClock ? search(reader, time) : scan(reader, time, signal);
}

/** Positions count events from 1, so that the log can be halved. */
async function search(reader: EventReader, time: number): Promise<Position | undefined> {
  const head = await reader.head();
  if (head === undefined) return undefined;
  const position = (count: number): Position => String(count).padStart(head.length, '0');
  let notLater = 0;
  let later = Number(head) + 1;
  let first: RecordedEvent | undefined;
  while (later - notLater > 1) {
    const middle = Math.floor((notLater + later) / 2);
    const event = await eventAfter(reader, position(middle - 1));
    if (event.recordedAt > time) {
      later = middle;
      first = event;
    } else notLater = middle;
  }
  const index = first === undefined ? 0 : indexInCommit(first);
  const end = first === undefined || index === 0 ? notLater : notLater - index + sizeOfCommit(first);
  return end === 0 ? undefined : position(end);
}

async function eventAfter(reader: EventReader, after: Position): Promise<RecordedEvent> {
  for await (const { events } of reader.readAll({ after, limit: 1 })) {
    for (const event of events) return event;
  }
  throw new EventSourcingError(
    'store-damaged',
    `The log shows no event after ${after}, though it goes on from there: verify the bank.`,
  );
}

async function scan(
  reader: EventReader,
  time: number,
  signal: AbortSignal | undefined,
): Promise<Position | undefined> {
  let last: Position | undefined;
  for await (const { events } of reader.readAll()) {
    for (const event of events) {
      if (indexInCommit(event) === 0 && event.recordedAt > time) return last;
      last = event.position;
    }
    await setImmediate();
    signal?.throwIfAborted();
  }
  return last;
}

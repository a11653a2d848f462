import {
  createPageRoom,
  eventBytes,
  PAGE_EVENTS,
  type ReadStreamOptions,
  type RecordedEvent,
} from '@openbank/eventsourcing';
import { foreignEvent, toPlacedEvent } from '../events/stored-event.ts';
import { streamRequest } from './read-request.ts';
import { readFrom, type Source } from './source.ts';

type Direction = NonNullable<ReadStreamOptions['direction']>;

/** The port's `readStream`. Each page is a call of its own, so that a reader may take its time over one. */
export async function* streamPages(
  source: Source,
  stream: string,
  { from, direction = 'forwards', limit = Number.POSITIVE_INFINITY }: ReadStreamOptions,
): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  source.closed.throwIfAborted();
  let next = from;
  for (let left = limit; left > 0; ) {
    const { events, isLast } = await readPage(source, stream, next, direction, Math.min(left, PAGE_EVENTS));
    const last = events.at(-1)?.revision;
    if (last === undefined) return;
    yield events;
    source.closed.throwIfAborted();
    next = direction === 'forwards' ? last + 1 : last - 1;
    left -= events.length;
    if (isLast || next < 0) return;
  }
}

/** @returns `isLast` - the stream has no more in this direction */
async function readPage(
  source: Source,
  stream: string,
  from: number | undefined,
  direction: Direction,
  count: number,
) {
  const events: RecordedEvent[] = [];
  const room = createPageRoom();
  const reading = { what: `read stream ${stream}`, deadline: source.timeouts.read };
  await readFrom(source, streamRequest(stream, from, direction, count), reading, (message) => {
    const stored = message.getEvent()?.getEvent();
    if (stored === undefined) return true;
    const event = toPlacedEvent(stored)?.event;
    if (event === undefined) throw foreignEvent(stored);
    events.push(event);
    room.take(eventBytes(event));
    return !room.full();
  });
  return { events, isLast: events.length < count && !room.full() };
}

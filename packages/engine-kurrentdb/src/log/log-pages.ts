import {
  createPageRoom,
  type EventPage,
  eventBytes,
  PAGE_EVENTS,
  type Position,
  type ReadAllOptions,
  type RecordedEvent,
} from '@openbank/eventsourcing';
import type { CommitPlace } from '../events/event-metadata.ts';
import { toPlace } from '../events/position.ts';
import {
  foreignEvent,
  type PlacedEvent,
  positionOf,
  type StoredEvent,
  streamOf,
  toPlacedEvent,
  typeOf,
} from '../events/stored-event.ts';
import { isHidden } from '../events/stream-names.ts';
import { headRequest, logRequest } from './read-request.ts';
import { readFrom, type Source } from './source.ts';

export interface LogSource extends Source {
  /** Events that a commit can have: a page may have to go on for so many to hold all of one. */
  readonly maxCommitEvents: number;
}

/**
 * The port's `readAll`. Each page is a call of its own, so that a reader may take its time over one.
 *
 * @throws RangeError - `after` is no position of this engine
 */
export async function* logPages(
  source: LogSource,
  { after, prefixes, limit = Number.POSITIVE_INFINITY }: ReadAllOptions,
  signal?: AbortSignal,
): AsyncGenerator<EventPage, void, undefined> {
  source.closed.throwIfAborted();
  // Digits of another length compare as nothing.
  if (after !== undefined) toPlace(after);
  const end = await headOf(source, signal);
  let reached = after;
  let left = limit;
  while (end !== undefined && (reached ?? '') < end && left > 0) {
    const page = await readPage(source, { after: reached, end, prefixes, limit: left, signal });
    yield page;
    source.closed.throwIfAborted();
    reached = page.position;
    left -= page.events.length;
  }
}

/** The position of the last event that the port shows; undefined where there is none. */
export async function headOf(source: Source, signal?: AbortSignal): Promise<Position | undefined> {
  let head: Position | undefined;
  const reading = { what: 'find the end of the log', deadline: source.timeouts.read, signal };
  await readFrom(source, headRequest(), reading, (message) => {
    const stored = message.getEvent()?.getEvent();
    if (stored !== undefined) head = positionOf(stored);
    return true;
  });
  return head;
}

interface Stretch {
  readonly after: Position | undefined;
  readonly end: Position;
  readonly prefixes: readonly string[] | undefined;
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
}

/** One page of whole commits, unless the limit cuts one. */
async function readPage(source: LogSource, stretch: Stretch): Promise<EventPage> {
  const { after, end, prefixes, limit, signal } = stretch;
  if (prefixes?.length === 0) return { events: [], position: end };
  // The event at the position itself comes too, and that after the page shows that the page's last commit is whole.
  const count = Math.min(limit, PAGE_EVENTS) + source.maxCommitEvents + 2;
  const page = collectPage(limit);
  let scanned = after;
  let came = 0;
  let isFull = false;
  const reading = { what: 'read the log', deadline: source.timeouts.scan, signal };
  await readFrom(source, logRequest(after, prefixes, count), reading, (message) => {
    const stored = message.getEvent()?.getEvent();
    if (stored === undefined) return true;
    came++;
    const position = positionOf(stored);
    if (position > end) return false;
    if (after !== undefined && position <= after) return true;
    const placed = shownEvent(stored, prefixes);
    isFull = placed !== undefined && !page.takes(placed);
    if (isFull) return false;
    scanned = position;
    if (placed !== undefined) isFull = page.add(placed);
    return !isFull;
  });
  const isCut = isFull || came === count;
  return { events: page.events, position: isCut && scanned !== undefined ? scanned : end };
}

/** Fills a page up to its bounds, and then to the end of the commit. */
function collectPage(limit: number) {
  const events: RecordedEvent[] = [];
  const room = createPageRoom();
  let last: CommitPlace | undefined;
  return {
    events,
    /** Whether the event still belongs on the page. */
    takes: ({ place }: PlacedEvent) => !room.full() || (last !== undefined && isSameCommit(last, place)),
    /** @returns whether nothing more belongs on it */
    add({ event, place }: PlacedEvent): boolean {
      events.push(event);
      room.take(eventBytes(event));
      last = place;
      return events.length === limit || (room.full() && place.index === place.size - 1);
    },
  };
}

/** Events of one commit lie together; of two commits, the second starts again or has another size. */
function isSameCommit(before: CommitPlace, after: CommitPlace): boolean {
  return after.size === before.size && after.index > before.index;
}

/**
 * The event, if it is of those that are asked for. Other programs may use the server too: where no prefix was given their
 * events are none of the log's, in a stream that was asked for they are damage.
 */
function shownEvent(stored: StoredEvent, prefixes: readonly string[] | undefined): PlacedEvent | undefined {
  if (isHidden(streamOf(stored))) return undefined;
  const placed = toPlacedEvent(stored);
  // Links and tombstones are in streams that are nobody's own.
  const isForeign = prefixes === undefined || prefixes.includes('') || typeOf(stored).startsWith('$');
  if (placed === undefined && !isForeign) throw foreignEvent(stored);
  return placed;
}

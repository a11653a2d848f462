import { EventSourcingError } from '../errors.ts';
import type { Position, RecordedEvent } from '../event.ts';
import { type CommitLookup, firstRevision, judgeCommit } from './commit-rules.ts';
import { DEFAULT_COMMIT_LIMITS, eventBytes, validateCommit } from './commit-validation.ts';
import type {
  Appended,
  Claim,
  Commit,
  CommitLimits,
  EventPage,
  EventStore,
  ReadAllOptions,
  ReadStreamOptions,
  StreamAppend,
} from './event-store.ts';
import { follow } from './follow.ts';
import { createHeadSignal } from './head-signal.ts';
import { createPageRoom, hasPrefix } from './page.ts';

export interface MemoryEventStoreOptions {
  /** What the store says of other writers. Default: false. */
  readonly sharedWriters?: boolean;
  readonly limits?: CommitLimits;
}

interface Entry {
  readonly event: RecordedEvent;
  readonly startsCommit: boolean;
}

/** The log of a memory store. Positions count events from 1. */
interface Log {
  readonly entries: Entry[];
  readonly streams: Map<string, RecordedEvent[]>;
  readonly claims: Map<string, Claim>;
  /** The latest booking time so far, and whether each was later than all before it. */
  latest: number;
  oneClock: boolean;
}

/** The whole port in memory, for tests and for trying things out: nothing of it outlives the process. */
export function createMemoryEventStore(options: MemoryEventStoreOptions = {}): EventStore {
  const { sharedWriters = false, limits = DEFAULT_COMMIT_LIMITS } = options;
  const log: Log = { entries: [], streams: new Map(), claims: new Map(), latest: 0, oneClock: true };
  const lookup = lookupIn(log);
  const headSignal = createHeadSignal();
  let closed = false;

  const assertOpen = () => {
    if (closed)
      throw new EventSourcingError('store-unavailable', 'The event store is closed: open it again.');
  };
  const head = () => (log.entries.length === 0 ? undefined : positionOf(log.entries.length));
  const readAll = (read: ReadAllOptions = {}) => pagesOfLog(log.entries, read, assertOpen);

  return {
    sharedWriters,
    limits,
    lastRecordedAt: 0,
    get oneClock() {
      return log.oneClock;
    },
    async append(commit): Promise<Appended> {
      assertOpen();
      validateCommit(commit, limits);
      const judgement = judgeCommit(commit, lookup);
      if (judgement.kind === 'refused') throw judgement.error;
      if (judgement.kind === 'repeat') return { position: judgement.position };
      record(log, commit);
      const position = positionOf(log.entries.length);
      headSignal.moved(position);
      return { position };
    },
    async claim(name) {
      assertOpen();
      return log.claims.get(name);
    },
    readStream: (stream, read = {}) => pagesOfStream(log.streams.get(stream) ?? [], read, assertOpen),
    readAll,
    async head() {
      assertOpen();
      return head();
    },
    subscribe: (subscription) => follow({ readAll, waitForHead: headSignal.wait }, subscription),
    async close() {
      closed = true;
      headSignal.close();
    },
  };
}

function lookupIn({ streams, claims }: Log): CommitLookup {
  return {
    revision: (stream) => {
      const count = streams.get(stream)?.length;
      return count === undefined ? 'no-stream' : count - 1;
    },
    eventAt: (stream, revision) => streams.get(stream)?.[revision],
    claim: (name) => claims.get(name),
  };
}

function record(log: Log, { streams, claims }: Commit): void {
  let startsCommit = true;
  for (const append of streams) {
    for (const event of recorded(append, log.entries.length)) {
      log.entries.push({ event, startsCommit });
      startsCommit = false;
      log.oneClock &&= event.recordedAt > log.latest;
      log.latest = event.recordedAt;
      const stored = log.streams.get(append.stream);
      if (stored === undefined) log.streams.set(append.stream, [event]);
      else stored.push(event);
    }
  }
  for (const claim of claims) log.claims.set(claim.name, claim);
}

function recorded({ stream, expected, events }: StreamAppend, before: number): RecordedEvent[] {
  const first = firstRevision(expected);
  return events.map((event, i) => ({
    ...event,
    metadata: { ...event.metadata },
    stream,
    revision: first + i,
    position: positionOf(before + i + 1),
  }));
}

/** Events counted from 1, in as many digits as the largest exact number has: plain comparison is their order. */
function positionOf(count: number): Position {
  return String(count).padStart(16, '0');
}

/** The end is taken at the call, not at the first page: what is appended in between is left to the next read. */
function pagesOfLog(entries: readonly Entry[], read: ReadAllOptions, assertOpen: () => void) {
  const end = entries.length;
  const { after = '0', prefixes, limit = Number.POSITIVE_INFINITY } = read;
  async function* pages(): AsyncGenerator<EventPage, void, undefined> {
    assertOpen();
    let from = Number(after);
    let left = limit;
    while (from < end && left > 0) {
      const page = scan(entries, from, end, prefixes, left);
      yield { events: page.events, position: positionOf(page.next) };
      assertOpen();
      from = page.next;
      left -= page.events.length;
    }
  }
  return pages();
}

/** One page of whole commits, unless the limit cuts one. */
function scan(
  entries: readonly Entry[],
  from: number,
  end: number,
  prefixes: readonly string[] | undefined,
  limit: number,
) {
  const events: RecordedEvent[] = [];
  const room = createPageRoom();
  let next = from;
  for (let entry = entries[next]; entry !== undefined && next < end; entry = entries[++next]) {
    if (events.length === limit || (room.full() && entry.startsCommit)) break;
    room.take(eventBytes(entry.event));
    if (hasPrefix(entry.event.stream, prefixes)) events.push(entry.event);
  }
  return { events, next };
}

async function* pagesOfStream(
  stream: readonly RecordedEvent[],
  { from, direction = 'forwards', limit = Number.POSITIVE_INFINITY }: ReadStreamOptions,
  assertOpen: () => void,
): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  assertOpen();
  const events =
    direction === 'forwards'
      ? stream.slice(from ?? 0)
      : stream.slice(0, (from ?? stream.length) + 1).reverse();
  const left = events.slice(0, limit);
  while (left.length > 0) {
    const room = createPageRoom();
    const full = left.findIndex((event) => {
      room.take(eventBytes(event));
      return room.full();
    });
    yield left.splice(0, full < 0 ? left.length : full + 1);
    assertOpen();
  }
}

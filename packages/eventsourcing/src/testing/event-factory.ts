import { hash, randomUUID } from 'node:crypto';
import type { NewEvent } from '../event.ts';
import { firstRevision } from '../event-store/commit-rules.ts';
import type { Claim, Commit, ExpectedRevision, StreamAppend } from '../event-store/event-store.ts';

/** An event that every engine takes, with whatever a test wants of it. Its chain link belongs to no real chain. */
export function newEvent(wanted: Partial<NewEvent> = {}): NewEvent {
  const id = wanted.id ?? randomUUID();
  return {
    id,
    type: 'SomethingHappened',
    schemaVersion: 1,
    recordedAt: nextTime(),
    data: JSON.stringify({ about: id }),
    metadata: { command_id: id },
    link: hash('sha256', id, 'hex'),
    ...wanted,
  };
}

let lastTime = 0;

/**
 * Microseconds, no whole millisecond, and later than those of all events before: the embedded engine keeps the whole
 * log in order of time.
 */
function nextTime(): number {
  lastTime = Math.max(Date.now() * 1000 + 457, lastTime + 1);
  return lastTime;
}

export function newEvents(count: number, wanted: Partial<NewEvent> = {}): readonly NewEvent[] {
  return Array.from({ length: count }, () => newEvent(wanted));
}

/** The append of one stream: so many new events, or those given. */
export function appendTo(
  stream: string,
  expected: ExpectedRevision,
  events: number | readonly NewEvent[] = 1,
): StreamAppend {
  return { stream, expected, events: typeof events === 'number' ? newEvents(events) : events };
}

export function commitOf(...streams: readonly StreamAppend[]): Commit {
  return { streams, claims: [] };
}

/** The commit with claims that point at all of its events. */
export function withClaims(commit: Commit, ...names: readonly string[]): Commit {
  return { ...commit, claims: [...commit.claims, ...names.map((name) => claimOn(commit, name))] };
}

/** A claim that points at all of a commit's events. */
export function claimOn(
  commit: Commit,
  name: string,
  requestHash: string = hash('sha256', name, 'hex'),
): Claim {
  const events = commit.streams.map(({ stream, expected, events }) => {
    const first = firstRevision(expected);
    return { stream, first, last: first + events.length - 1 };
  });
  return { name, requestHash, events };
}

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect } from 'vitest';
import { EventSourcingError } from '../errors.ts';
import type { Position, RecordedEvent } from '../event.ts';
import type { EventPage, EventStore } from '../event-store/event-store.ts';

/** An opened store, and what a test may do to it from outside. */
export interface EventStoreHarness {
  readonly store: EventStore;
  /** Opens the same data again, after `store.close()`. Left out where nothing outlives the store. */
  readonly reopen?: () => Promise<EventStore>;
  /** Closes whatever is open and removes the data. */
  close(): Promise<void>;
}

/** What the contract suite is run against. */
export interface EventStoreSubject {
  /** The engine, as it stands in the titles of the tests. */
  readonly name: string;
  /** Opens a store. Other events may be in it already: the suite keeps to names of its own. */
  open(): Promise<EventStoreHarness>;
  /** Whether a newly opened store is empty. Default: true. A shared server's is not. */
  readonly startsEmpty?: boolean;
}

/** The store that the tests of one file share, and names that no other test uses. */
export interface SharedStore {
  readonly store: EventStore;
  /** A prefix for the streams and claims of one test. */
  place(): string;
}

export function shareStore(subject: EventStoreSubject): SharedStore {
  let harness: EventStoreHarness | undefined;
  beforeAll(async () => {
    harness = await subject.open();
  });
  afterAll(() => harness?.close());
  return {
    get store() {
      if (harness === undefined)
        throw new Error('The store is opened before the first test: use it inside of one.');
      return harness.store;
    },
    place: () => `test-${randomUUID()}/`,
  };
}

export async function eventsOf(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of pages) events.push(...page);
  return events;
}

export async function pagesOf<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  const all: Page[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

/** The log's events of some streams, in order, of the whole log or after a position. */
export async function logOf(store: EventStore, prefix: string, after?: Position): Promise<RecordedEvent[]> {
  const read = { prefixes: [prefix], ...(after !== undefined && { after }) };
  const pages: EventPage[] = await pagesOf(store.readAll(read));
  return pages.flatMap(({ events }) => events);
}

export function idsOf(events: readonly { readonly id: string }[]): string[] {
  return events.map(({ id }) => id);
}

/** The error that a promise is rejected with; one of the kit's. */
export async function refusalOf(promise: Promise<unknown>): Promise<EventSourcingError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EventSourcingError);
  if (error instanceof EventSourcingError) return error;
  throw new Error('unreachable: the expectation above has failed');
}

/** Positions are read off the log by plain comparison. */
export function expectAscending(positions: readonly Position[]): void {
  expect(positions).toEqual([...new Set(positions)].sort());
}

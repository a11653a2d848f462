import { EventSourcingError } from '../errors.ts';
import { EVENT_TYPE_PATTERN, type NewEvent } from '../event.ts';
import { firstRevision } from './commit-rules.ts';
import type { Claim, Commit, CommitLimits, StreamAppend } from './event-store.ts';

/**
 * What an engine takes in one commit unless its author has a reason: KurrentDB takes as much. A batch of a thousand transfers,
 * each with its fee, is three thousand events.
 */
export const DEFAULT_COMMIT_LIMITS: CommitLimits = {
  maxEventBytes: 1024 * 1024,
  maxCommitEvents: 3000,
  maxCommitBytes: 8 * 1024 * 1024,
};

/** Characters of a stream's or a claim's name. */
const MAX_NAME_LENGTH = 1000;

// KurrentDB refuses the nil UUID and answers lower case, whatever was sent.
const UUID =
  /^(?!00000000-0000-0000-0000-000000000000$)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const LINK = /^[0-9a-f]{64}$/;
// Names stand in lines of the chain's text and in messages.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Refuses a commit that no engine may take, before anything is looked up or written.
 *
 * @throws EventSourcingError `commit-refused` - the message says what is wrong and what to do
 */
export function validateCommit(commit: Commit, limits: CommitLimits): void {
  if (commit.streams.length === 0) refuse('A commit has no streams: append at least one event.');
  for (const append of commit.streams) validateStream(append);
  once(commit.streams, ({ stream }) => stream, 'stream');
  const appends = new Map(commit.streams.map((append) => [append.stream, append]));
  for (const claim of commit.claims) validateClaim(claim, appends);
  once(commit.claims, ({ name }) => name, 'claim');
  validateSize(commit, limits);
}

/** Bytes of an event as limits count them: its type, data and metadata as UTF-8. */
export function eventBytes(event: NewEvent): number {
  let bytes = Buffer.byteLength(event.type) + Buffer.byteLength(event.data);
  for (const key in event.metadata) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(event.metadata[key] ?? '');
  }
  return bytes;
}

function validateStream({ stream, expected, events }: StreamAppend): void {
  validateName(stream, 'stream');
  if (stream.startsWith('$'))
    refuse(`Stream ${stream} starts with $, which servers keep for themselves: rename it.`);
  if (expected !== 'no-stream' && !isCount(expected)) {
    refuse(`Stream ${stream} is expected at ${expected}: expect a revision from 0, or no-stream.`);
  }
  if (events.length === 0) refuse(`Stream ${stream} has no events: leave it out of the commit.`);
  for (const event of events) validateEvent(event);
}

function validateEvent(event: NewEvent): void {
  const { id, type } = event;
  if (!UUID.test(id)) refuse(`The event id ${id} is no UUID in lower case: make one with randomUUID().`);
  if (!EVENT_TYPE_PATTERN.test(type)) {
    refuse(`The event type ${JSON.stringify(type)} is not possible: use letters, digits and _ . $ : - only.`);
  }
  if (!isCount(event.schemaVersion) || event.schemaVersion === 0) {
    refuse(`Event ${id} has schema version ${event.schemaVersion}: count versions from 1.`);
  }
  if (!isCount(event.recordedAt)) {
    refuse(`Event ${id} was recorded at ${event.recordedAt}: give whole microseconds since 1970.`);
  }
  if (!LINK.test(event.link)) refuse(`Event ${id} has no chain link: make it with chainLink().`);
  if (!isWellFormed(event)) {
    refuse(`Event ${id} holds half a surrogate pair, which no engine can keep: give well-formed text.`);
  }
}

function isWellFormed({ data, metadata }: NewEvent): boolean {
  for (const key in metadata) {
    if (!key.isWellFormed() || !metadata[key]?.isWellFormed()) return false;
  }
  return data.isWellFormed();
}

function validateClaim({ name, events }: Claim, appends: ReadonlyMap<string, StreamAppend>): void {
  validateName(name, 'claim');
  if (events.length === 0) refuse(`The claim ${name} points at no events: name those of its command.`);
  for (const { stream, first, last } of events) {
    const append = appends.get(stream);
    const from = append === undefined ? 0 : firstRevision(append.expected);
    const end = from + (append?.events.length ?? 0);
    if (!(from <= first && first <= last && last < end)) {
      refuse(`The claim ${name} points at ${stream} ${first} to ${last}: point at events of its own commit.`);
    }
  }
}

function validateName(name: string, what: 'stream' | 'claim'): void {
  if (name === '') refuse(`A ${what} has no name: give it one.`);
  if (name.length > MAX_NAME_LENGTH) {
    refuse(`The name of a ${what} is ${name.length} characters long: use ${MAX_NAME_LENGTH} at most.`);
  }
  if (CONTROL.test(name) || !name.isWellFormed()) {
    refuse(
      `The ${what} name ${JSON.stringify(name)} holds a control character or half a surrogate pair: rename it.`,
    );
  }
}

function once<Item>(items: readonly Item[], nameOf: (item: Item) => string, what: string): void {
  if (items.length < 2) return;
  const seen = new Set<string>();
  for (const item of items) {
    const name = nameOf(item);
    if (seen.has(name)) refuse(`A commit names the ${what} ${name} twice: name it once.`);
    seen.add(name);
  }
}

function validateSize({ streams }: Commit, limits: CommitLimits): void {
  const events = streams.flatMap((append) => append.events);
  if (events.length > limits.maxCommitEvents) {
    refuse(`A commit has ${events.length} events: use ${limits.maxCommitEvents} at most.`);
  }
  // Nearly every commit is far from the limits. Not measuring it saves 0.8 of 2 us (one event, 11 metadata keys).
  if (mostBytes(events) <= Math.min(limits.maxEventBytes, limits.maxCommitBytes)) return;
  const bytes = events.reduce((sum, event) => sum + bytesWithin(event, limits.maxEventBytes), 0);
  if (bytes > limits.maxCommitBytes) {
    refuse(`A commit has ${bytes} bytes: use ${limits.maxCommitBytes} at most.`);
  }
}

/** A UTF-16 unit takes three bytes of UTF-8 at most. */
function mostBytes(events: readonly NewEvent[]): number {
  let units = 0;
  for (const { type, data, metadata } of events) {
    units += type.length + data.length;
    for (const key in metadata) units += key.length + (metadata[key]?.length ?? 0);
  }
  return 3 * units;
}

function bytesWithin(event: NewEvent, most: number): number {
  const bytes = eventBytes(event);
  if (bytes > most) refuse(`Event ${event.id} has ${bytes} bytes: use ${most} at most.`);
  return bytes;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function refuse(message: string): never {
  throw new EventSourcingError('commit-refused', message);
}

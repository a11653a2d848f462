import {
  type Claim,
  type CommitLookup,
  firstRevision,
  type JudgedCommit,
  type Position,
} from '@openbank/eventsourcing';
import { claimStream, readClaim } from '../events/claim-event.ts';
import {
  createdOf,
  dataOf,
  positionOf,
  revisionOf,
  type StoredEvent,
  typeOf,
} from '../events/stored-event.ts';
import { streamRequest } from './read-request.ts';
import { readFrom, type Source } from './source.ts';

/** Who took a name; undefined while it is free. */
export async function claimNamed(source: Source, name: string): Promise<Claim | undefined> {
  const stream = claimStream(name);
  const [stored] = await storedEvents(source, stream, { from: 0, direction: 'forwards', count: 1 });
  return stored === undefined ? undefined : readClaim(stream, typeOf(stored), dataOf(stored));
}

/** The position of a stored event; undefined where it is not to be seen any more. */
export async function positionAt(
  source: Source,
  stream: string,
  revision: number,
): Promise<Position | undefined> {
  const stored = await storedAt(source, stream, revision);
  return stored === undefined ? undefined : positionOf(stored);
}

/** When the store wrote an event by its own clock, milliseconds since 1970; undefined where it is not to be seen any more. */
export async function createdAt(
  source: Source,
  stream: string,
  revision: number,
): Promise<number | undefined> {
  const stored = await storedAt(source, stream, revision);
  return stored === undefined ? undefined : createdOf(stored);
}

async function storedAt(source: Source, stream: string, revision: number): Promise<StoredEvent | undefined> {
  const [stored] = await storedEvents(source, stream, { from: revision, direction: 'forwards', count: 1 });
  return stored !== undefined && revisionOf(stored) === revision ? stored : undefined;
}

/** All that the rules of commits ask about a commit, as the leader has it now. */
export async function lookUp(source: Source, commit: JudgedCommit): Promise<CommitLookup> {
  const [streams, claims] = await Promise.all([
    Promise.all(commit.streams.map((append) => streamFacts(source, append))),
    Promise.all(commit.claims.map(async ({ name }) => [name, await claimNamed(source, name)] as const)),
  ]);
  const byStream = new Map(streams.map((facts) => [facts.stream, facts]));
  const byName = new Map(claims);
  return {
    revision: (stream) => byStream.get(stream)?.last ?? 'no-stream',
    eventAt: (stream, revision) => byStream.get(stream)?.events.get(revision),
    claim: (name) => byName.get(name),
  };
}

type JudgedAppend = JudgedCommit['streams'][number];

/** Where the stream is, and which events stand where those of the append would. */
async function streamFacts(source: Source, { stream, expected, events }: JudgedAppend) {
  const [tail] = await storedEvents(source, stream, { from: undefined, direction: 'backwards', count: 1 });
  const last = tail === undefined ? undefined : revisionOf(tail);
  const first = firstRevision(expected);
  const stored =
    last === undefined || last < first
      ? []
      : await storedEvents(source, stream, { from: first, direction: 'forwards', count: events.length });
  return { stream, last, events: new Map(stored.map((each) => [revisionOf(each), idAndPosition(each)])) };
}

function idAndPosition(stored: StoredEvent) {
  return { id: stored.getId()?.getString() ?? '', position: positionOf(stored) };
}

interface Stretch {
  readonly from: number | undefined;
  readonly direction: 'forwards' | 'backwards';
  readonly count: number;
}

async function storedEvents(source: Source, stream: string, stretch: Stretch): Promise<StoredEvent[]> {
  const { from, direction, count } = stretch;
  const events: StoredEvent[] = [];
  const reading = { what: `read stream ${stream}`, deadline: source.timeouts.read };
  await readFrom(source, streamRequest(stream, from, direction, count), reading, (message) => {
    const stored = message.getEvent()?.getEvent();
    if (stored !== undefined) events.push(stored);
    return true;
  });
  return events;
}

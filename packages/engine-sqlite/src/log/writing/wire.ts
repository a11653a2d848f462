import type { Claim, Commit, ExpectedRevision, StreamAppend } from '@openbank/eventsourcing';

/**
 * Commits on their way to the writer's thread. Each string of its own would cost as much as its copy, so all that is
 * only carried on to the log goes as one text, cut by lengths that stand among the numbers. Cutting makes slices that
 * keep the whole text alive: what is remembered for long, names of streams, goes apart.
 */
export interface WireCommits {
  readonly count: number;
  readonly names: readonly string[];
  readonly numbers: readonly number[];
  readonly text: string;
}

/** A commit in the writer's thread: what its events say beside their ids is only carried on to the log. */
export interface WireCommit {
  readonly claims: readonly Claim[];
  /** The claims as they are stored; null for none. */
  readonly claimsJson: string | null;
  readonly streams: readonly WireAppend[];
  readonly eventCount: number;
}

export interface WireAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly WireEvent[];
}

export interface WireEvent {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly recordedAt: number;
  readonly data: string;
  readonly metadata: string;
  readonly link: string;
}

const NO_STREAM = -1;

export function encodeCommits(commits: readonly Commit[]): WireCommits {
  const sink: Sink = { names: [], numbers: [], text: '' };
  for (const { claims, streams } of commits) {
    put(sink, claims.length === 0 ? '' : JSON.stringify(claims));
    sink.numbers.push(streams.length);
    for (const append of streams) encodeAppend(sink, append);
  }
  return { count: commits.length, ...sink };
}

export function decodeCommits(wire: WireCommits): readonly WireCommit[] {
  const source = createSource(wire);
  const commits: WireCommit[] = [];
  for (let i = 0; i < wire.count; i++) commits.push(decodeCommit(source));
  return commits;
}

interface Sink {
  readonly names: string[];
  readonly numbers: number[];
  text: string;
}

function encodeAppend(sink: Sink, { stream, expected, events }: StreamAppend): void {
  sink.names.push(stream);
  sink.numbers.push(expected === 'no-stream' ? NO_STREAM : expected, events.length);
  for (const event of events) {
    sink.numbers.push(event.schemaVersion, event.recordedAt);
    put(sink, event.id);
    put(sink, event.type);
    put(sink, event.data);
    put(sink, JSON.stringify(event.metadata));
    put(sink, event.link);
  }
}

function put(sink: Sink, text: string): void {
  sink.numbers.push(text.length);
  sink.text += text;
}

interface Source {
  name(): string;
  number(): number;
  text(): string;
}

function createSource({ names, numbers, text }: WireCommits): Source {
  let nextName = 0;
  let nextNumber = 0;
  let offset = 0;
  const number = () => numbers[nextNumber++] ?? tooShort();
  return {
    name: () => names[nextName++] ?? tooShort(),
    number,
    text() {
      const start = offset;
      offset += number();
      return text.slice(start, offset);
    },
  };
}

function decodeCommit(source: Source): WireCommit {
  const claimsJson = source.text();
  const streams: WireAppend[] = [];
  let eventCount = 0;
  for (let left = source.number(); left > 0; left--) {
    const append = decodeAppend(source);
    streams.push(append);
    eventCount += append.events.length;
  }
  if (claimsJson === '') return { claims: [], claimsJson: null, streams, eventCount };
  return { claims: JSON.parse(claimsJson), claimsJson, streams, eventCount };
}

function decodeAppend(source: Source): WireAppend {
  const stream = source.name();
  const expected = source.number();
  const events: WireEvent[] = [];
  for (let left = source.number(); left > 0; left--) events.push(decodeEvent(source));
  return { stream, expected: expected === NO_STREAM ? 'no-stream' : expected, events };
}

function decodeEvent(source: Source): WireEvent {
  return {
    schemaVersion: source.number(),
    recordedAt: source.number(),
    id: source.text(),
    type: source.text(),
    data: source.text(),
    metadata: source.text(),
    link: source.text(),
  };
}

function tooShort(): never {
  throw new Error('A group is shorter than its numbers say: writer and caller do not agree.');
}

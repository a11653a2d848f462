import type { Claim, Commit, ExpectedRevision, StreamAppend } from '@openbank/eventsourcing';
import type { Field } from './messages.ts';

/** A commit in the writer's thread: what its events say beside their ids is only carried on to the log. */
export interface WireCommit {
  readonly claims: readonly Claim[];
  /** As they are stored; null for none. */
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

export function encodeCommit(fields: Field[], { claims, streams }: Commit): void {
  fields.push(claims.length === 0 ? null : JSON.stringify(claims), streams.length);
  for (const append of streams) encodeAppend(fields, append);
}

function encodeAppend(fields: Field[], { stream, expected, events }: StreamAppend): void {
  fields.push(stream, expected === 'no-stream' ? NO_STREAM : expected, events.length);
  for (const { id, type, schemaVersion, recordedAt, data, metadata, link } of events) {
    fields.push(id, type, schemaVersion, recordedAt, data, JSON.stringify(metadata), link);
  }
}

/** The commits that `encodeCommit` has added one after another. */
export function decodeCommits(fields: readonly Field[], commits: number): readonly WireCommit[] {
  const reader = createFieldReader(fields);
  return Array.from({ length: commits }, () => decodeCommit(reader));
}

interface FieldReader {
  text(): string;
  textOrNull(): string | null;
  number(): number;
}

function decodeCommit(reader: FieldReader): WireCommit {
  const claimsJson = reader.textOrNull();
  const streams = Array.from({ length: reader.number() }, () => decodeAppend(reader));
  const eventCount = streams.reduce((sum, { events }) => sum + events.length, 0);
  return { claims: claimsJson === null ? [] : JSON.parse(claimsJson), claimsJson, streams, eventCount };
}

function decodeAppend(reader: FieldReader): WireAppend {
  const stream = reader.text();
  const expected = reader.number();
  const events = Array.from({ length: reader.number() }, () => decodeEvent(reader));
  return { stream, expected: expected === NO_STREAM ? 'no-stream' : expected, events };
}

function decodeEvent(reader: FieldReader): WireEvent {
  return {
    id: reader.text(),
    type: reader.text(),
    schemaVersion: reader.number(),
    recordedAt: reader.number(),
    data: reader.text(),
    metadata: reader.text(),
    link: reader.text(),
  };
}

function createFieldReader(fields: readonly Field[]): FieldReader {
  let at = 0;
  const wrong = (): never => {
    throw new Error(`Field ${at - 1} of a group is not what its place says: writer and caller do not agree.`);
  };
  return {
    text() {
      const field = fields[at++];
      return typeof field === 'string' ? field : wrong();
    },
    textOrNull() {
      const field = fields[at++];
      return typeof field === 'string' || field === null ? field : wrong();
    },
    number() {
      const field = fields[at++];
      return typeof field === 'number' ? field : wrong();
    },
  };
}

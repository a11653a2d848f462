import { randomUUID } from 'node:crypto';
import { createEventLog, type EventLog } from './event-log.ts';
import { ANY, type Expectation, judge, type Verdict } from './expected-revision.ts';
import type { LogRecord, NewEvent } from './log-record.ts';
import { createRecentIds, type RecentIds } from './recent-ids.ts';
import {
  createStream,
  DELETED,
  isSoftDeleted,
  isVisible,
  lastRevision,
  limitsFrom,
  type StreamState,
} from './stream-state.ts';

/** Events for one or several streams, in the order of the log, with what is expected of the streams. */
export interface Commit {
  readonly expectations: readonly { readonly stream: string; readonly expected: bigint }[];
  readonly events: readonly { readonly stream: string; readonly event: NewEvent }[];
}

/** What became of a commit: everything of it is in the log, or nothing. */
export type CommitResult =
  | {
      readonly kind: 'committed';
      /** Of the last event; missing where a repeat finds events that readers no longer see. */
      readonly position: bigint | undefined;
      /** The last revision of each stream written by this commit, in the order of its expectations. */
      readonly revisions: readonly bigint[];
    }
  | Refusal;

export type Refusal =
  | {
      readonly kind: 'conflict';
      readonly stream: string;
      readonly expected: bigint;
      readonly actual: bigint;
    }
  | { readonly kind: 'deleted'; readonly stream: string };

/** What became of a deletion. */
export type DeleteResult = { readonly kind: 'committed'; readonly position: bigint } | Refusal;

/** The data of a server: its log and its streams, in memory. */
export interface Store {
  readonly log: EventLog;
  stream(name: string): StreamState | undefined;
  /** Whether a stream, or the one whose metadata it holds, was deleted for ever. */
  isTombstoned(name: string): boolean;
  commit(commit: Commit): CommitResult;
  /** A soft delete: the events leave the stream's readers, revisions go on. */
  delete(stream: string, expected: bigint): DeleteResult;
  /** For ever: the stream takes no more events. */
  tombstone(stream: string, expected: bigint): DeleteResult;
  /** Recognises a whole commit whose ids are all remembered, whatever it expects. */
  findRepeat(commit: Commit): CommitResult | undefined;
  /** What a restart loses: the remembered ids. */
  forgetRecentIds(): void;
}

interface Data {
  readonly log: EventLog;
  readonly streams: Map<string, StreamState>;
  readonly recent: RecentIds;
}

export const createStore = (): Store => {
  const data: Data = { log: createEventLog(), streams: new Map(), recent: createRecentIds() };
  return {
    log: data.log,
    stream: (name) => data.streams.get(name),
    isTombstoned: (name) => isTombstoned(data, name),
    commit: (commit) => write(data, commit),
    delete: (stream, expected) => softDelete(data, stream, expected),
    tombstone: (stream, expected) => tombstone(data, stream, expected),
    findRepeat: (commit) => findRepeat(data, commit),
    forgetRecentIds: data.recent.forget,
  };
};

const write = (data: Data, commit: Commit): CommitResult => {
  const verdicts = commit.expectations.map(({ stream, expected }) =>
    judge(expectationOf(data, stream, expected, commit), data.recent),
  );
  if (verdicts.length > 0 && verdicts.every((verdict) => verdict.kind === 'repeated')) {
    return answerRepeat(data, verdicts);
  }
  const refused = verdicts.findIndex((verdict) => verdict.kind !== 'accepted');
  return refused < 0 ? writeAll(data, commit) : refusal(data, commit, refused, verdicts[refused]);
};

const expectationOf = (data: Data, name: string, expected: bigint, commit: Commit): Expectation => ({
  stream: data.streams.get(name),
  name,
  isTombstoned: isTombstoned(data, name),
  hasMetadata: data.streams.has(`$$${name}`),
  expected,
  ids: commit.events.filter(({ stream }) => stream === name).map(({ event }) => event.id),
});

const isTombstoned = ({ streams }: Data, name: string): boolean =>
  streams.get(name.startsWith('$$') ? name.slice(2) : name)?.tombstoned === true;

/** A commit of which a part is there already is refused at the first stream that is not as expected. */
const refusal = (data: Data, commit: Commit, index: number, verdict: Verdict | undefined): Refusal => {
  const { stream, expected } = commit.expectations[index] ?? { stream: '', expected: ANY };
  return verdict?.kind === 'deleted'
    ? { kind: 'deleted', stream }
    : { kind: 'conflict', stream, expected, actual: lastRevision(data.streams.get(stream)) };
};

const answerRepeat = (data: Data, verdicts: readonly Verdict[]): CommitResult => {
  const lasts = verdicts.flatMap((verdict) => (verdict.kind === 'repeated' ? [verdict.last] : []));
  const latest = lasts.reduce((a, b) => (b.position > a.position ? b : a));
  const stream = data.streams.get(latest.stream);
  const isSeen = stream !== undefined && isVisible(stream, latest);
  return {
    kind: 'committed',
    position: isSeen ? latest.position : undefined,
    revisions: lasts.map(({ revision }) => revision),
  };
};

const findRepeat = (data: Data, commit: Commit): CommitResult | undefined => {
  const verdicts = commit.expectations.map(({ stream }) =>
    judge(expectationOf(data, stream, ANY, commit), data.recent),
  );
  const isRepeat = verdicts.length > 0 && verdicts.every((verdict) => verdict.kind === 'repeated');
  return isRepeat ? answerRepeat(data, verdicts) : undefined;
};

const writeAll = (data: Data, commit: Commit): CommitResult => {
  for (const { stream } of commit.expectations) {
    const hasEvents = commit.events.some((entry) => entry.stream === stream);
    if (hasEvents) reviveSoftDeleted(data, stream);
  }
  let last: LogRecord | undefined;
  for (const { stream, event } of commit.events) last = add(data, stream, event);
  return {
    kind: 'committed',
    position: last?.position ?? data.log.end(),
    revisions: commit.expectations.map(({ stream }) => lastRevision(data.streams.get(stream))),
  };
};

const add = (data: Data, name: string, event: NewEvent): LogRecord => {
  const stream = streamToWrite(data, name);
  const record = data.log.add({ ...event, stream: name, revision: BigInt(stream.events.length) });
  stream.events.push(record);
  data.recent.add(record);
  if (name.startsWith('$$')) streamToWrite(data, name.slice(2)).limits = limitsFrom(event.data);
  return record;
};

const streamToWrite = (data: Data, name: string): StreamState => {
  const known = data.streams.get(name);
  if (known !== undefined) return known;
  const stream = createStream(name);
  data.streams.set(name, stream);
  return stream;
};

/** Writing to a soft-deleted stream moves `$tb` from the end of time to the first new revision. */
const reviveSoftDeleted = (data: Data, name: string): void => {
  const stream = data.streams.get(name);
  if (stream !== undefined && isSoftDeleted(stream)) setTruncation(data, name, lastRevision(stream) + 1n);
};

const setTruncation = (data: Data, name: string, before: bigint): LogRecord =>
  add(data, `$$${name}`, {
    id: randomUUID(),
    type: '$metadata',
    isJson: true,
    data: Buffer.from(`{"$tb":${before}}`),
    metadata: new Uint8Array(),
  });

const softDelete = (data: Data, name: string, expected: bigint): DeleteResult => {
  const refused = refuseDelete(data, name, expected);
  if (refused !== undefined) return refused;
  if (!data.streams.has(name)) return { kind: 'conflict', stream: name, expected, actual: -1n };
  return { kind: 'committed', position: setTruncation(data, name, DELETED).position };
};

const refuseDelete = (data: Data, name: string, expected: bigint): Refusal | undefined => {
  const stream = data.streams.get(name);
  if (isTombstoned(data, name)) return { kind: 'deleted', stream: name };
  const actual = lastRevision(stream);
  return expected < 0n && expected !== -1n
    ? undefined
    : expected === actual
      ? undefined
      : { kind: 'conflict', stream: name, expected, actual };
};

const tombstone = (data: Data, name: string, expected: bigint): DeleteResult => {
  const refused = refuseDelete(data, name, expected);
  if (refused !== undefined) return refused;
  streamToWrite(data, name).tombstoned = true;
  const record = data.log.add({
    stream: name,
    revision: DELETED,
    id: randomUUID(),
    type: '$streamDeleted',
    isJson: false,
    data: new Uint8Array(),
    metadata: new Uint8Array(),
  });
  return { kind: 'committed', position: record.position };
};

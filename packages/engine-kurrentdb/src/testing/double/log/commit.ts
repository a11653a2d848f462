import { addEvent, type Data, isTombstoned, setTruncation } from './data.ts';
import { ANY, type Expectation, judge, type Verdict } from './expected-revision.ts';
import type { LogRecord, NewEvent } from './log-record.ts';
import { isSoftDeleted, isVisible, lastRevision } from './stream-state.ts';

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

/** Judges every stream of a commit, then writes all of it or nothing. */
export const commitTo = (data: Data, commit: Commit): CommitResult => {
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

/** Recognises a whole commit whose ids are all remembered, whatever it expects. */
export const findRepeat = (data: Data, commit: Commit): CommitResult | undefined => {
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
  for (const { stream, event } of commit.events) last = addEvent(data, stream, event);
  return {
    kind: 'committed',
    position: last?.position ?? data.log.end(),
    revisions: commit.expectations.map(({ stream }) => lastRevision(data.streams.get(stream))),
  };
};

/** Writing to a soft-deleted stream moves `$tb` from the end of time to the first new revision. */
const reviveSoftDeleted = (data: Data, name: string): void => {
  const stream = data.streams.get(name);
  if (stream !== undefined && isSoftDeleted(stream)) setTruncation(data, name, lastRevision(stream) + 1n);
};

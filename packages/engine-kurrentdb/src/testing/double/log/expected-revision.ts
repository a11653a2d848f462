import type { LogRecord } from './log-record.ts';
import type { RecentIds } from './recent-ids.ts';
import { isSoftDeleted, lastRevision, type StreamState } from './stream-state.ts';

/** The expectations that are no revisions, with the numbers of the protocol. */
export const NO_STREAM = -1n;
export const ANY = -2n;
export const STREAM_EXISTS = -4n;

/** What the server decides about one stream of an append. */
export type Verdict =
  | { readonly kind: 'accepted' }
  /** The same events are in the stream already; `last` is the last of them. */
  | { readonly kind: 'repeated'; readonly last: LogRecord }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'deleted' };

/** One stream of an append: what is expected of it and the ids that shall be written to it. */
export interface Expectation {
  readonly stream: StreamState | undefined;
  readonly name: string;
  readonly isTombstoned: boolean;
  readonly hasMetadata: boolean;
  readonly expected: bigint;
  readonly ids: readonly string[];
}

const accepted: Verdict = { kind: 'accepted' };
const conflict: Verdict = { kind: 'conflict' };
const deleted: Verdict = { kind: 'deleted' };

/** The rules of expected revisions. Event ids are compared, never contents. */
export const judge = (expectation: Expectation, recent: RecentIds): Verdict => {
  const { stream, expected } = expectation;
  if (expectation.isTombstoned) return deleted;
  if (expected === STREAM_EXISTS) return judgeExisting(expectation, recent);
  if (expected === ANY) return judgeAnyRevision(expectation, recent);
  const last = lastRevision(stream);
  if (expected < last) return judgeEarlier(expectation);
  return expected === last ? accepted : conflict;
};

const judgeExisting = (expectation: Expectation, recent: RecentIds): Verdict => {
  if (isSoftDeleted(expectation.stream)) return deleted;
  if (lastRevision(expectation.stream) < 0n && !expectation.hasMetadata) return conflict;
  return judgeAnyRevision(expectation, recent);
};

/** Without a revision only remembered ids show a repeat: all known is one; known at first, then new, a conflict. */
const judgeAnyRevision = ({ name, ids }: Expectation, recent: RecentIds): Verdict => {
  let last: LogRecord | undefined;
  for (const [index, id] of ids.entries()) {
    const known = recent.find(name, id);
    if (known === undefined) return index === 0 ? accepted : conflict;
    last = known;
  }
  return last === undefined ? accepted : { kind: 'repeated', last };
};

/** An earlier revision is fine where the very same ids follow it: a repeat. */
const judgeEarlier = ({ stream, expected, ids }: Expectation): Verdict => {
  const written = stream?.events.slice(Number(expected) + 1, Number(expected) + 1 + ids.length) ?? [];
  const last = written.at(-1);
  const isRepeat = written.length === ids.length && written.every((event, index) => event.id === ids[index]);
  if (isRepeat && last !== undefined) return { kind: 'repeated', last };
  const startsAnew = expected === NO_STREAM && isSoftDeleted(stream) && written[0]?.id !== ids[0];
  return startsAnew ? accepted : conflict;
};

import type { Position } from '../event.ts';
import { ClaimTaken, RevisionConflict } from './errors.ts';
import type { Claim, ExpectedRevision, StreamAppend } from './event-store.ts';

/** What of a commit is judged; the rest of its events is only stored. */
export interface JudgedCommit {
  readonly streams: readonly JudgedAppend[];
  readonly claims: readonly Claim[];
}

interface JudgedAppend extends Pick<StreamAppend, 'stream' | 'expected'> {
  readonly events: readonly { readonly id: string }[];
}

/** What an engine looks up to judge a commit: everything before it, in its own group too, not yet durable included. */
export interface CommitLookup {
  /** Where the stream is: its last revision, or `no-stream`. */
  revision(stream: string): ExpectedRevision;
  /** Id and position of one stored event; undefined where there is none. */
  eventAt(stream: string, revision: number): { readonly id: string; readonly position: Position } | undefined;
  claim(name: string): Claim | undefined;
}

export type Judgement =
  | { readonly kind: 'append' }
  /** The identical commit is in the log already: answer its position once that is durable. */
  | { readonly kind: 'repeat'; readonly position: Position }
  /** Nothing may be written. A refusal on what is not durable yet has to wait until it is. */
  | { readonly kind: 'refused'; readonly error: RevisionConflict | ClaimTaken };

/**
 * Decides on a valid commit. The order is part of the port, so that every engine gives the same answer:
 * 1. the identical commit again, whose own claims are not taken claims;
 * 2. claims, in the order given: a caller's idempotency key comes first, so that it is judged first;
 * 3. revisions, in the order given.
 */
export function judgeCommit(commit: JudgedCommit, lookup: CommitLookup): Judgement {
  const stale = commit.streams.find(({ stream, expected }) => lookup.revision(stream) !== expected);
  // A commit that is in the log has moved its streams, so only a stale one can be a repeat.
  const repeated = stale === undefined ? undefined : repeatedAt(commit, lookup);
  if (repeated !== undefined) return { kind: 'repeat', position: repeated };
  for (const { name } of commit.claims) {
    const taken = lookup.claim(name);
    if (taken !== undefined) return { kind: 'refused', error: new ClaimTaken(taken) };
  }
  if (stale === undefined) return { kind: 'append' };
  const actual = lookup.revision(stale.stream);
  return { kind: 'refused', error: new RevisionConflict(stale.stream, stale.expected, actual) };
}

/** The revision of the first event of an append. */
export function firstRevision(expected: ExpectedRevision): number {
  return expected === 'no-stream' ? 0 : expected + 1;
}

/** The position of the commit's last event, if all its events and claims are in the log as it has them. */
function repeatedAt(commit: JudgedCommit, lookup: CommitLookup): Position | undefined {
  const owned = commit.claims.every((claim) => sameClaim(claim, lookup.claim(claim.name)));
  if (!owned) return undefined;
  let last: Position | undefined;
  for (const append of commit.streams) {
    last = storedAt(append, lookup);
    if (last === undefined) return undefined;
  }
  return last;
}

function storedAt({ stream, expected, events }: JudgedAppend, lookup: CommitLookup): Position | undefined {
  let revision = firstRevision(expected);
  let position: Position | undefined;
  for (const event of events) {
    const stored = lookup.eventAt(stream, revision++);
    if (stored?.id !== event.id) return undefined;
    position = stored.position;
  }
  return position;
}

function sameClaim(claim: Claim, stored: Claim | undefined): boolean {
  return (
    stored !== undefined &&
    stored.requestHash === claim.requestHash &&
    stored.events.length === claim.events.length &&
    stored.events.every((range, i) => {
      const other = claim.events[i];
      return range.stream === other?.stream && range.first === other.first && range.last === other.last;
    })
  );
}

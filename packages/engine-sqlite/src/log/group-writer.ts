import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  ClaimTaken,
  type CommitLookup,
  type ExpectedRevision,
  firstRevision,
  judgeCommit,
  type RevisionConflict,
} from '@openbank/eventsourcing';
import { isBusy, isRefusedWrite } from '../sqlite/sqlite-error.ts';
import type { ClaimFilter } from './claim-filter.ts';
import type { Head } from './head-file.ts';
import { claimHash } from './index-schema.ts';
import { type LogRow, rowCrc } from './log-row.ts';
import { LOG_FILE, prepareInsert } from './log-schema.ts';
import { type ClaimPlaces, claimNamed, revisionOf, rowOfEvent } from './lookup.ts';
import { type Answer, type GroupOutcome, toFailure } from './messages.ts';
import { toPosition } from './position.ts';
import type { WireCommit, WireEvent } from './wire.ts';

/** Judges commits on everything before them and writes those that stand, in one transaction with one sync. */
export interface GroupWriter {
  /**
   * Adds a part to the group.
   *
   * @throws SQLite's error where nobody knows what was written: nothing more may be
   */
  add(commits: readonly WireCommit[]): void;
  /**
   * Makes the group durable.
   *
   * @throws as `add`
   */
  commit(): GroupOutcome;
  /** The last durable row. */
  head(): Head;
}

export interface GroupWriterParts extends ClaimPlaces {
  readonly database: DatabaseSync;
  readonly claims: ClaimFilter;
  readonly head: Head;
  readonly lastRecordedAt: number;
}

/** Where the log ends, durable or about to be. */
interface End {
  readonly head: Head;
  readonly recordedAt: number;
}

/** Streams whose last revision is remembered, so that an active one costs no look into the index. */
const REMEMBERED = 100_000;

export function createGroupWriter(parts: GroupWriterParts): GroupWriter {
  const { database, tail } = parts;
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const insert = prepareInsert(database);
  const revisions = new Map<string, ExpectedRevision>();
  const lookup = lookupOf(parts, revisions);
  let durable: End = { head: parts.head, recordedAt: parts.lastRecordedAt };
  let written = durable;
  let answers: Answer[] = [];
  let refused: GroupOutcome | undefined;

  const append = (next: WireCommit): Answer => {
    const refusal = refusalOf(next, written.recordedAt, lookup);
    if (refusal !== undefined) return refusal;
    if (!database.isTransaction) begin.run();
    const first = written.head.position + 1;
    written = insertCommit(insert, next, first);
    remember(parts, revisions, next, first);
    return written.head.position;
  };

  /** Takes back what the group has left in the transaction and in memory. */
  const takeBack = (error: unknown): GroupOutcome => {
    if (!isRefusedWrite(error) && !isBusy(error)) throw error;
    if (database.isTransaction) database.exec('ROLLBACK');
    written = durable;
    revisions.clear();
    tail.removeAfter(durable.head.position);
    const { code, message } = toFailure(error, LOG_FILE);
    return { kind: 'refused', failure: { code: isRefusedWrite(error) ? 'storage-full' : code, message } };
  };

  const makeDurable = (): GroupOutcome => {
    try {
      if (database.isTransaction) commit.run();
    } catch (error) {
      return takeBack(error);
    }
    durable = written;
    if (revisions.size > REMEMBERED) revisions.clear();
    return { kind: 'answers', answers };
  };

  return {
    head: () => durable.head,
    add(commits) {
      try {
        if (refused === undefined) for (const next of commits) answers.push(append(next));
      } catch (error) {
        refused = takeBack(error);
      }
    },
    commit() {
      const outcome = refused ?? makeDurable();
      answers = [];
      refused = undefined;
      return outcome;
    },
  };
}

function lookupOf(places: ClaimPlaces, revisions: Map<string, ExpectedRevision>): CommitLookup {
  return {
    revision(stream) {
      const known = revisions.get(stream);
      if (known !== undefined) return known;
      const found = revisionOf(places, stream);
      revisions.set(stream, found);
      return found;
    },
    eventAt(stream, revision) {
      const row = rowOfEvent(places, stream, revision);
      return row === undefined ? undefined : { id: row.id, position: toPosition(row.position) };
    },
    claim: (name) => claimNamed(places, name),
  };
}

/** Why the commit is not written; undefined when it is to be. A look-up that fails is this commit's alone. */
function refusalOf(commit: WireCommit, after: number, lookup: CommitLookup): Answer | undefined {
  try {
    const judgement = judgeCommit(commit, lookup);
    if (judgement.kind === 'repeat') return judgement;
    if (judgement.kind === 'append') return untimely(commit, after);
    return toRefusal(judgement.error);
  } catch (error) {
    return { kind: 'failed', failure: toFailure(error, LOG_FILE) };
  }
}

function toRefusal(error: ClaimTaken | RevisionConflict): Answer {
  if (error instanceof ClaimTaken) return { kind: 'taken', claim: error.claim };
  return { kind: 'conflict', stream: error.stream, expected: error.expected, actual: error.actual };
}

/** Booking times rise along the whole log: whoever stamps them starts past `lastRecordedAt`. */
function untimely({ streams }: WireCommit, after: number): Answer | undefined {
  let last = after;
  for (const { events } of streams) {
    for (const { id, recordedAt } of events) {
      if (recordedAt <= last) {
        const message = `Event ${id} was recorded at ${recordedAt}, not after ${last}, which the log has reached: stamp it again.`;
        return { kind: 'failed', failure: { code: 'commit-refused', message } };
      }
      last = recordedAt;
    }
  }
  return undefined;
}

function insertCommit(insert: StatementSync, commit: WireCommit, first: number): End {
  const commitLast = first + commit.eventCount - 1;
  let position = first;
  let claims = commit.claimsJson;
  let last: WireEvent | undefined;
  for (const { stream, expected, events } of commit.streams) {
    let revision = firstRevision(expected);
    for (const event of events) {
      insertRow(insert, { ...event, position, stream, revision, claims, commitLast });
      claims = null;
      position++;
      revision++;
      last = event;
    }
  }
  return { head: { position: commitLast, link: last?.link ?? '' }, recordedAt: last?.recordedAt ?? 0 };
}

function insertRow(insert: StatementSync, row: LogRow): void {
  insert.run(
    row.position,
    row.stream,
    row.revision,
    row.claims,
    row.commitLast,
    row.type,
    row.id,
    row.schemaVersion,
    row.recordedAt,
    row.data,
    row.metadata,
    row.link,
    rowCrc(row),
  );
}

function remember(
  { tail, claims }: GroupWriterParts,
  revisions: Map<string, ExpectedRevision>,
  commit: WireCommit,
  first: number,
): void {
  const streams = commit.streams.map(({ stream, expected, events }) => ({
    stream,
    firstRevision: firstRevision(expected),
    count: events.length,
  }));
  for (const { stream, firstRevision: from, count } of streams) revisions.set(stream, from + count - 1);
  const names = commit.claims.map(({ name }) => name);
  for (const name of names) claims.add(claimHash(name));
  tail.add({ first, last: first + commit.eventCount - 1, streams, claims: names });
}

import type { DatabaseSync } from 'node:sqlite';
import type { ExpectedRevision } from '@openbank/eventsourcing';
import { isBusy, isRefusedWrite } from '../../sqlite/sqlite-error.ts';
import type { ClaimFilter } from '../indexing/claim-filter.ts';
import { claimHash } from '../indexing/index-schema.ts';
import { LOG_FILE, prepareInsert } from '../log-schema.ts';
import { type Answer, type GroupOutcome, toFailure } from '../messages.ts';
import type { ClaimPlaces } from '../reading/lookup.ts';
import { tailCommit } from '../reading/tail.ts';
import type { Head } from './head-file.ts';
import { type End, insertCommit } from './insert-commit.ts';
import { lookupOf, refusalOf } from './judge.ts';
import type { WireCommit } from './wire.ts';

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
  /** Booking times rise along each stream only, and whoever appends sees to that. */
  readonly imports: boolean;
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
    const refusal = refusalOf(next, parts.imports ? undefined : written.recordedAt, lookup);
    if (refusal !== undefined) return refusal;
    if (!database.isTransaction) begin.run();
    written = insertCommit(insert, next, written.head.position + 1);
    const { position } = written.head;
    remember(parts, revisions, next, position);
    return position;
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

function remember(
  { tail, claims }: GroupWriterParts,
  revisions: Map<string, ExpectedRevision>,
  commit: WireCommit,
  last: number,
): void {
  const written = tailCommit(commit, last);
  tail.add(written);
  for (const { stream, firstRevision, count } of written.streams) {
    revisions.set(stream, firstRevision + count - 1);
  }
  for (const name of written.claims) claims.add(claimHash(name));
}

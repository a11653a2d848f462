import {
  ClaimTaken,
  type CommitLookup,
  type ExpectedRevision,
  judgeCommit,
  type RevisionConflict,
} from '@openbank/eventsourcing';
import { LOG_FILE } from '../log-schema.ts';
import { type Answer, toFailure } from '../messages.ts';
import { toPosition } from '../position.ts';
import { type ClaimPlaces, claimNamed, revisionOf, rowOfEvent } from '../reading/lookup.ts';
import type { WireCommit } from './wire.ts';

/** @param revisions the last revisions of streams, as far as they are remembered; it is added to */
export function lookupOf(places: ClaimPlaces, revisions: Map<string, ExpectedRevision>): CommitLookup {
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

/**
 * Why the commit is not written; undefined when it is to be. A look-up that fails is this commit's alone.
 *
 * @param after - the booking time that the log has reached; undefined for commits of another log, which keep theirs
 */
export function refusalOf(
  commit: WireCommit,
  after: number | undefined,
  lookup: CommitLookup,
): Answer | undefined {
  try {
    const judgement = judgeCommit(commit, lookup);
    if (judgement.kind === 'repeat') return judgement;
    if (judgement.kind === 'append') return after === undefined ? undefined : untimely(commit, after);
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
        return { kind: 'failed', failure: { code: 'time-refused', message } };
      }
      last = recordedAt;
    }
  }
  return undefined;
}

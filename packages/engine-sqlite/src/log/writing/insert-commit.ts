import type { StatementSync } from 'node:sqlite';
import { firstRevision } from '@openbank/eventsourcing';
import { type LogRow, rowCrc } from '../log-row.ts';
import type { Head } from './head-file.ts';
import type { WireCommit, WireEvent } from './wire.ts';

/** Where the log ends, durable or about to be. */
export interface End {
  readonly head: Head;
  readonly recordedAt: number;
}

/** Writes the rows of a commit, the first at a position, and answers where the log ends then. */
export function insertCommit(insert: StatementSync, commit: WireCommit, first: number): End {
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

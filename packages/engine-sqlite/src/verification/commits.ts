import type { Findings, RecordedCommit, RecordedEvent } from '@openbank/eventsourcing';
import { type LogRow, toEvent } from '../log/log-row.ts';
import { placeAt } from './checked-rows.ts';
import { rowClaims } from './row-claims.ts';

/** Puts rows together to commits, by the last position that each notes. */
export interface CommitGrouping {
  /** The commits that end with these rows. */
  add(rows: readonly LogRow[]): readonly RecordedCommit[];
  /** What is left where the log ends. */
  end(): readonly RecordedCommit[];
}

export function createCommitGrouping(findings: Findings): CommitGrouping {
  let open: LogRow[] = [];

  function torn(what: string): void {
    const [first] = open;
    if (first !== undefined) findings.add('commit-torn', placeAt(first.position), what);
  }

  function close(): readonly RecordedCommit[] {
    const commit = commitOf(open, findings);
    open = [];
    return commit.events.length === 0 ? [] : [commit];
  }

  return {
    add(rows) {
      const commits: RecordedCommit[] = [];
      for (const row of rows) {
        if (open.length > 0 && open[0]?.commitLast !== row.commitLast) {
          torn(`a commit up to position ${open[0]?.commitLast} ends before position ${row.position}`);
          commits.push(...close());
        }
        open.push(row);
        if (row.position >= row.commitLast) commits.push(...close());
      }
      return commits;
    },
    end() {
      torn('the log ends within a commit');
      return close();
    },
  };
}

function commitOf(rows: readonly LogRow[], findings: Findings): RecordedCommit {
  const events: RecordedEvent[] = [];
  const claims: RecordedCommit['claims'][number][] = [];
  for (const row of rows) {
    const event = readable(row);
    if (event === undefined) findings.add('event-damaged', placeAt(row.position), 'its metadata is no JSON');
    else events.push(event);
    const taken = rowClaims(row);
    if (taken === undefined) findings.add('event-damaged', placeAt(row.position), 'its claims are none');
    else claims.push(...taken);
  }
  return { events, claims };
}

function readable(row: LogRow): RecordedEvent | undefined {
  try {
    const event = toEvent(row);
    // Its metadata is unpacked at the first look.
    void event.metadata;
    return event;
  } catch {
    return undefined;
  }
}

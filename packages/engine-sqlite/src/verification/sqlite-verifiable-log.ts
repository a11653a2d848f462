import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import {
  type CommitPage,
  EventSourcingError,
  type Findings,
  type LogStretch,
  type VerifiableLog,
} from '@openbank/eventsourcing';
import { claimHash } from '../log/indexing/index-schema.ts';
import { openLogForReading } from '../log/log-file.ts';
import type { LogRow } from '../log/log-row.ts';
import { IS_IMPORTED, LOG_FILE, prepareLog } from '../log/log-schema.ts';
import { toPosition, toRow } from '../log/position.ts';
import { HEAD_FILE, type Head, readHeadFile } from '../log/writing/head-file.ts';
import { count, prepare, rowOf } from '../sqlite/columns.ts';
import { isOutdated, toStoreError } from '../sqlite/sqlite-error.ts';
import { checkedRows, placeAt } from './checked-rows.ts';
import { createCommitGrouping } from './commits.ts';
import { checkIndex } from './index-check.ts';
import { type IndexFile, type NoIndex, openIndexFile } from './index-file.ts';
import { createIndexSketch, type IndexSketch, type StreamHash, streamHash } from './index-sketch.ts';
import { rememberedBy } from './remembered.ts';
import { rowClaims } from './row-claims.ts';

/** The log of a directory to be verified, from any process, also while another one writes it. */
export interface SqliteVerifiableLog extends VerifiableLog {
  /**
   * Compares the head file, the index, and how far other derived files have come, with the log. After all of it has been read by `commits`, once: what the index
   * must hold is gathered on that way.
   */
  checkDerived(findings: Findings): Promise<VerifiedIndex>;
  close(): void;
}

/** The index as it was found. */
export type VerifiedIndex =
  | { readonly state: 'compared'; readonly entries: number; readonly claims: number }
  /** There is none, or one of another version: the next start makes it. */
  | { readonly state: NoIndex }
  /** What is wrong with it stands in the findings. */
  | { readonly state: 'unreadable' };

/**
 * Opens the log without writing to it and without a lock. Commits are seen once they are durable, which is when they
 * appear to other processes.
 *
 * @throws EventSourcingError `store-damaged`, `store-unavailable` - there is no log, or it cannot be read at all
 */
export function openSqliteVerifiableLog(directory: string): SqliteVerifiableLog {
  const database = told(() => openLogForReading(directory));
  const statements = told(() => prepareLog(database));
  const lastPosition = told(() => prepare(database, 'SELECT max(position) FROM events'));
  const last = (): number => {
    const row = told(() => rowOf(lastPosition));
    return row?.[0] === null ? 0 : count(row?.[0]);
  };
  // All are read before the log: whatever they remember must be in it.
  const remembered = rememberedBy(directory);
  const head = headOf(directory);
  const opened = openIndex(directory);
  const gathered = createGathered(reachedBy(opened));
  let isGathered = false;

  async function* commits({ after, through }: LogStretch, findings: Findings) {
    const gather = after === undefined && !isGathered;
    const grouping = createCommitGrouping(findings);
    let position = after ?? toPosition(0);
    for (const rows of checkedRows(statements, toRow(after), toRow(through), findings)) {
      if (gather) for (const row of rows) gathered.see(row);
      const page: CommitPage = { commits: grouping.add(rows), position };
      position = page.commits.at(-1)?.events.at(-1)?.position ?? position;
      yield { ...page, position };
      await setImmediate();
    }
    isGathered ||= gather;
    const left = grouping.end();
    if (left.length > 0) yield { commits: left, position: through };
  }

  return {
    get oneClock() {
      return told(() => rowOf(prepare(database, IS_IMPORTED)) === undefined);
    },
    async head() {
      const position = last();
      return position === 0 ? undefined : toPosition(position);
    },
    count: async (through) => toRow(through),
    commits,
    async checkDerived(findings) {
      checkHead(database, head, last(), findings);
      remembered.check(last(), findings);
      return await checkOpened(opened, { database, gathered, end: last(), findings });
    },
    close() {
      if (isOpened(opened)) opened.close();
      database.close();
    },
  };
}

/** What the index must hold, gathered on the way along the log. */
interface Gathered {
  readonly reached: number;
  see(row: LogRow): void;
  readonly sketch: IndexSketch;
  lastRevision(stream: string): number | undefined;
}

function createGathered(reached: number): Gathered {
  const sketch = createIndexSketch();
  const streams = new Map<string, { readonly hash: StreamHash; revision: number }>();
  return {
    reached,
    sketch,
    see({ position, stream, revision, claims }) {
      if (position > reached) return;
      let known = streams.get(stream);
      if (known === undefined) {
        known = { hash: streamHash(stream), revision };
        streams.set(stream, known);
      }
      known.revision = revision;
      sketch.addEntry(known.hash, revision, position);
      for (const { name } of rowClaims({ position, claims }) ?? [])
        sketch.addClaim(claimHash(name), position);
    },
    lastRevision: (stream) => streams.get(stream)?.revision,
  };
}

type Opened = IndexFile | NoIndex | { readonly error: unknown };

function isOpened(opened: Opened): opened is IndexFile {
  return typeof opened === 'object' && 'entries' in opened;
}

function openIndex(directory: string): Opened {
  try {
    const opened = openIndexFile(directory);
    if (isOpened(opened)) opened.reached();
    return opened;
  } catch (error) {
    return { error };
  }
}

function reachedBy(opened: Opened): number {
  return isOpened(opened) ? (opened.reached()?.position ?? 0) : 0;
}

interface Derived {
  readonly database: DatabaseSync;
  readonly gathered: Gathered;
  readonly end: number;
  readonly findings: Findings;
}

async function checkOpened(
  opened: Opened,
  { database, gathered, end, findings }: Derived,
): Promise<VerifiedIndex> {
  if (opened === 'missing' || opened === 'other-version') return { state: opened };
  try {
    if (!isOpened(opened)) throw opened.error;
    const { reached, sketch, lastRevision } = gathered;
    if (reached > end) {
      const what = `it remembers events up to position ${reached}, and the log ends at ${end}: the log has lost its end`;
      findings.add('index-ahead', 'index.db', what);
    }
    const expected = sketch.summary();
    const { entries, claims } = await checkIndex({
      database,
      index: opened,
      reached,
      expected,
      lastRevision,
      findings,
    });
    return { state: 'compared', entries, claims };
  } catch (error) {
    findings.add('index-damaged', 'index.db', error instanceof Error ? error.message : String(error));
    return { state: 'unreadable' };
  }
}

function headOf(directory: string): Head | undefined {
  const path = join(directory, HEAD_FILE);
  return existsSync(path) ? readHeadFile(path) : undefined;
}

/** The head file may be absent, torn or behind: only ahead, and another event, are wrong. */
function checkHead(database: DatabaseSync, head: Head | undefined, end: number, findings: Findings): void {
  if (head === undefined || head.position === 0) return;
  if (head.position > end) {
    const what = `it remembers position ${head.position}, and the log ends at ${end}: the log has lost its end`;
    findings.add('head-ahead', 'the file head', what);
    return;
  }
  const [link] = rowOf(prepare(database, 'SELECT link FROM events WHERE position = ?'), head.position) ?? [];
  if (link === head.link) return;
  findings.add('head-wrong', `the file head, ${placeAt(head.position)}`, 'it remembers another event there');
}

function told<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (isOutdated(error)) throw otherTables();
    throw toStoreError(error, LOG_FILE);
  }
}

function otherTables(): EventSourcingError {
  return new EventSourcingError(
    'store-damaged',
    `${LOG_FILE} has not the tables of a log: restore the whole data directory from one backup.`,
  );
}

import type { DatabaseSync } from 'node:sqlite';
import { checkpoint } from '../../sqlite/checkpoint.ts';
import { isRefusedWrite } from '../../sqlite/sqlite-error.ts';
import type { FromIndex } from '../messages.ts';
import type { LogReader } from '../reading/log-reader.ts';
import type { SharedHead } from '../shared-head.ts';
import type { ClaimFilter } from './claim-filter.ts';
import { createIndexBatch, createStreamIds, type IndexedRow, type StreamIds } from './index-batch.ts';
import { createIndexCheck } from './index-check.ts';
import { type Digest, EMPTY_DIGEST } from './index-digest.ts';
import { removeIndex } from './index-file.ts';
import { createIndexReader } from './index-reader.ts';
import { prepareIndexWrites } from './index-schema.ts';

export interface IndexWork {
  readonly directory: string;
  readonly log: LogReader;
  readonly index: DatabaseSync;
  readonly shared: SharedHead;
  readonly claims: ClaimFilter;
  tell(message: FromIndex): void;
}

/** Rows in one transaction of the index: enough that its pages are written in order, once. */
const BATCH = 20_000;
/**
 * Milliseconds in which rows gather while the log is written: readers have the tail meanwhile. The fewer the batches, the
 * fewer pages are written again and again: with 50 half as much again was written for each event.
 */
const GATHER = 200;
/** Milliseconds after which a thread with nothing to do looks whether it is to stop: the wake-up for that can be missed. */
const LOOK_AROUND = 1_000;
/** Milliseconds until a write that a full disk refused is tried again. */
const RETRY = 250;
/** Rows between two checkpoints. */
const CHECKPOINT_EVERY = 400_000;

/** Brings the index up to the head of the log, says so, and keeps it there until it is asked to stop. */
export function followLog(work: IndexWork): void {
  const { directory, index, shared, log, tell } = work;
  const advance = createAdvance(work);
  for (let reached = advance.reached(); reached < shared.durable(); reached = advance.reached()) {
    advance.through(log.rows(reached, shared.durable()));
    tell({ kind: 'progress', indexed: advance.reached(), total: shared.durable() });
  }
  shared.setIndexed(advance.reached());
  tell({ kind: 'caught-up' });
  const check = createIndexCheck(index, work.claims);
  for (;;) {
    const durable = shared.durable();
    const reached = advance.reached();
    if (reached < durable) retried(shared, () => advance.through(log.youngKeys(reached, durable)));
    else if (shared.stopping()) break;
    else if (check.done()) shared.block(durable, LOOK_AROUND);
    if (check.done()) shared.pause(GATHER);
    else check.next();
  }
  soundCheckpoint(directory, index, 'TRUNCATE');
}

interface Advance {
  reached(): number;
  /** Adds rows that follow, whole commits, as many as one transaction should hold. */
  through(rows: Iterable<IndexedRow>): void;
}

function createAdvance({ directory, index, shared, log }: IndexWork): Advance {
  const writes = prepareIndexWrites(index);
  const streamIds = createStreamIds();
  const before = createIndexReader(index).reached();
  let reached = before?.position ?? 0;
  let digest = before?.digest ?? EMPTY_DIGEST;
  let sinceCheckpoint = 0;

  const addRows = (rows: Iterable<IndexedRow>): { last: number; digest: Digest } => {
    const batch = createIndexBatch(writes, streamIds);
    let last = reached;
    for (const row of rows) {
      batch.add(row);
      last = row.position;
      if (last - reached >= BATCH && last === row.commitLast) break;
    }
    const after = batch.write(digest);
    writes.setReached.run(last, log.row(last).link, after);
    return { last, digest: after };
  };

  return {
    reached: () => reached,
    through(rows) {
      const added = transact(index, streamIds, () => addRows(rows));
      sinceCheckpoint += added.last - reached;
      reached = added.last;
      digest = added.digest;
      shared.setIndexed(reached);
      if (sinceCheckpoint < CHECKPOINT_EVERY) return;
      if (soundCheckpoint(directory, index, 'PASSIVE')) sinceCheckpoint = 0;
    },
  };
}

function transact<Result>(index: DatabaseSync, streamIds: StreamIds, work: () => Result): Result {
  index.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    index.exec('COMMIT');
    return result;
  } catch (error) {
    streamIds.clear();
    if (index.isTransaction) index.exec('ROLLBACK');
    throw error;
  }
}

/** Does the work, again while the disk is full: the tail holds meanwhile, and refuses when it is full itself. */
function retried(shared: SharedHead, work: () => void): void {
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      if (!isRefusedWrite(error) || shared.stopping()) throw error;
      shared.pause(RETRY);
    }
  }
}

/** A checkpoint that fails for lack of room is tried again later. After a failed sync the file cannot be trusted. */
function soundCheckpoint(directory: string, index: DatabaseSync, mode: 'PASSIVE' | 'TRUNCATE'): boolean {
  try {
    return checkpoint(index, mode);
  } catch (error) {
    if (isRefusedWrite(error)) return false;
    removeIndex(directory);
    throw error;
  }
}

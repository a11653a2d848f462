import type { DatabaseSync } from 'node:sqlite';
import { checkpoint } from '../sqlite/checkpoint.ts';
import { isRefusedWrite } from '../sqlite/sqlite-error.ts';
import { createIndexBatch, createStreamIds, type StreamIds } from './index-batch.ts';
import { removeIndex } from './index-file.ts';
import { createIndexReader } from './index-reader.ts';
import { type IndexWrites, prepareIndexWrites } from './index-schema.ts';
import type { LogReader } from './log-reader.ts';
import type { FromIndex } from './messages.ts';
import type { SharedHead } from './shared-head.ts';

export interface IndexWork {
  readonly directory: string;
  readonly log: LogReader;
  readonly index: DatabaseSync;
  readonly shared: SharedHead;
  tell(message: FromIndex): void;
}

/** Rows in one transaction of the index: enough that its pages are written in order, once. */
const BATCH = 20_000;
/** Milliseconds in which rows gather while the log is written: readers have the tail meanwhile. */
const GATHER = 50;
/** Milliseconds until a write that a full disk refused is tried again. */
const RETRY = 250;
/** Rows between two checkpoints. */
const CHECKPOINT_EVERY = 400_000;

/** Brings the index up to the head of the log, says so, and keeps it there until it is asked to stop. */
export function followLog({ directory, log, index, shared, tell }: IndexWork): void {
  const writes = prepareIndexWrites(index);
  const streamIds = createStreamIds();
  let reached = createIndexReader(index).reached()?.position ?? 0;
  let sinceCheckpoint = 0;
  const caughtUp = () => {
    shared.setIndexed(reached);
    tell({ kind: 'caught-up' });
  };

  const advance = (durable: number) => {
    const before = reached;
    reached = transact(index, streamIds, () => addRows(log, writes, streamIds, reached, durable));
    shared.setIndexed(reached);
    sinceCheckpoint += reached - before;
    if (sinceCheckpoint >= CHECKPOINT_EVERY && soundCheckpoint(directory, index, 'PASSIVE'))
      sinceCheckpoint = 0;
  };

  for (let first = true; reached < shared.durable(); first = false) {
    if (!first) tell({ kind: 'progress', indexed: reached, total: shared.durable() });
    retried(shared, () => advance(shared.durable()));
  }
  caughtUp();
  for (;;) {
    const durable = shared.durable();
    if (reached < durable) retried(shared, () => advance(durable));
    else if (shared.stopping()) break;
    else shared.block(durable, 60_000);
    shared.pause(GATHER);
  }
  soundCheckpoint(directory, index, 'TRUNCATE');
}

/** Adds rows after the position, whole commits, and answers how far it came. */
function addRows(
  log: LogReader,
  writes: IndexWrites,
  streamIds: StreamIds,
  after: number,
  through: number,
): number {
  const batch = createIndexBatch(streamIds);
  let reached = after;
  for (const row of log.rows(after, through)) {
    batch.add(row);
    reached = row.position;
    if (reached - after >= BATCH && reached === row.commitLast) break;
  }
  batch.write(writes);
  return reached;
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

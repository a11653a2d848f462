import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch, ReadModel } from '@openbank/eventsourcing';
import { type ClientSession, MongoError } from 'mongodb';
import type { MongoConnection } from '../connection/connection.ts';
import { type CheckedChange, checkChanges, notSeen, writeChanges } from './changes.ts';
import { assertNext, moveCheckpoint } from './checkpoints.ts';
import { rowsOf } from './declarations.ts';

/** Milliseconds before a commit without an answer is asked for again, and until that is given up. */
const COMMIT_AGAIN = 50;
const COMMIT_PATIENCE = 10_000;

/**
 * Documents first, their checkpoint last, each durable before the next: whoever dies in between leaves documents that
 * are ahead of their checkpoint, which the next owner finds to have seen their events. Totals are read together, and a
 * part of a commit must never be seen in them: they and their checkpoint are written in one transaction.
 *
 * @throws EventSourcingError as `ReadModelStore.apply`
 */
export async function applyBatch(connection: MongoConnection, model: ReadModel, batch: Batch): Promise<void> {
  const changes = checkChanges(model, batch.changes);
  if (model.order === 'log') await applyTogether(connection, model, batch, changes);
  else await applyInOrder(connection, model, batch, changes);
}

async function applyInOrder(
  { database, reading }: MongoConnection,
  model: ReadModel,
  batch: Batch,
  changes: readonly CheckedChange[],
): Promise<void> {
  await assertNext(database, model, batch, reading);
  await writeChanges(model, rowsOf(database, model), changes, reading);
  await moveCheckpoint(database, model, batch, reading);
}

/** One attempt: a conflict with another writer is `store-unavailable`, and found out about by the next one. */
async function applyTogether(
  { client, database, reading }: MongoConnection,
  model: ReadModel,
  batch: Batch,
  changes: readonly CheckedChange[],
): Promise<void> {
  const rows = rowsOf(database, model);
  const session = client.startSession();
  const within = { ...reading, session };
  try {
    session.startTransaction({
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority', journal: true },
      maxCommitTimeMS: reading.maxTimeMS,
    });
    await assertNext(database, model, batch, within);
    // In a transaction, an insert that finds a document would be the end of it.
    const unseen = await notSeen(model, rows, changes, within);
    await writeChanges(model, rows, unseen, within);
    await moveCheckpoint(database, model, batch, within);
    await commit(session);
  } finally {
    // Takes back what is not committed.
    await session.endSession();
  }
}

/**
 * Asks until there is an answer: to commit twice is to commit once, and one that is left open would stand in the way of
 * the next attempt for a minute.
 */
async function commit(session: ClientSession): Promise<void> {
  const deadline = performance.now() + COMMIT_PATIENCE;
  for (;;) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      const isUnknown = error instanceof MongoError && error.hasErrorLabel('UnknownTransactionCommitResult');
      if (!isUnknown || performance.now() > deadline) throw error;
      await sleep(COMMIT_AGAIN);
    }
  }
}

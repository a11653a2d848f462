import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { toFailure } from '../log/messages.ts';
import { isDamage } from '../sqlite/sqlite-error.ts';
import type { FromSnapshotWriter, SnapshotWorkerData, ToSnapshotWriter } from './messages.ts';
import { createSnapshotWriter, type SnapshotWriter } from './snapshot-table.ts';
import { beginAnew, openForWriting, SNAPSHOTS_FILE } from './snapshots-file.ts';

// The thread that writes snapshots, so that nobody waits for the disk. What it cannot write is lost, and that is all.

const { directory, keep }: SnapshotWorkerData = workerData;
const tell = (message: FromSnapshotWriter) => parentPort?.postMessage(message);
let opened: { readonly database: DatabaseSync; readonly writer: SnapshotWriter } | undefined;

function use(open: (directory: string) => DatabaseSync): SnapshotWriter {
  const database = open(directory);
  const writer = createSnapshotWriter(database, keep);
  opened = { database, writer };
  return writer;
}

function startAgain(): void {
  opened?.database.close();
  opened = undefined;
  use(beginAnew);
  tell({ kind: 'begun-anew' });
}

const writer = (): SnapshotWriter => opened?.writer ?? use(openForWriting);

function save({ snapshots }: Extract<ToSnapshotWriter, { kind: 'save' }>): void {
  try {
    writer().save(snapshots);
    tell({ kind: 'saved' });
  } catch (error) {
    tell({ kind: 'not-saved', failure: toFailure(error, SNAPSHOTS_FILE) });
    if (isDamage(error)) startAgain();
  }
}

/** What cannot be taken away is met and named again by the next load. */
function forget({ snapshot }: Extract<ToSnapshotWriter, { kind: 'forget' }>): void {
  try {
    writer().forget(snapshot);
  } catch (error) {
    if (isDamage(error)) startAgain();
  }
}

parentPort?.on('message', (message: ToSnapshotWriter) => {
  switch (message.kind) {
    case 'save':
      return save(message);
    case 'forget':
      return forget(message);
    case 'begin-anew':
      return startAgain();
    case 'close':
      opened?.database.close();
      return parentPort?.close();
  }
});

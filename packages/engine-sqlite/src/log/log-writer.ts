import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { DatabaseSync as Database } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { createCheckpoints } from './checkpoints.ts';
import { createGroupWriter } from './group-writer.ts';
import { HEAD_FILE, openHeadFile } from './head-file.ts';
import { createIndexReader } from './index-reader.ts';
import { INDEX_FILE } from './index-schema.ts';
import { openLogForWriting } from './log-file.ts';
import { createLogReader, type LogReader } from './log-reader.ts';
import { LOG_FILE } from './log-schema.ts';
import { type FromWriter, toFailure, type ToWriter, type WriterWorkerData } from './messages.ts';
import { sharedHead } from './shared-head.ts';
import { checkLogEnd, type LogEnd } from './start-up.ts';
import { createTail } from './tail.ts';
import { decodeCommits } from './wire.ts';

// The thread that owns the log. It answers a group after the sync that covers it, and stops for good when a sync fails.

const { directory, head, derivedPositions }: WriterWorkerData = workerData;
const shared = sharedHead(head);
const tell = (message: FromWriter) => parentPort?.postMessage(message);

try {
  const database = openLogForWriting(directory);
  const log = createLogReader(database);
  const end = checkLogEnd(directory, log, derivedPositions);
  shared.setDurable(end.position);
  parentPort?.once('message', (message: ToWriter) => {
    if (message.kind === 'serve') serve(database, log, end);
    else database.close();
  });
  tell({ kind: 'opened', lastRecordedAt: end.lastRecordedAt });
} catch (error) {
  tell({ kind: 'failed', failure: toFailure(error, LOG_FILE) });
}

function serve(database: DatabaseSync, log: LogReader, end: LogEnd): void {
  const index = new Database(join(directory, INDEX_FILE), { readOnly: true });
  const headFile = openHeadFile(join(directory, HEAD_FILE));
  const tail = createTail();
  const link = log.lastRow()?.link ?? '';
  const writer = createGroupWriter({
    database,
    log,
    tail,
    index: createIndexReader(index),
    head: { position: end.position, link },
    lastRecordedAt: end.lastRecordedAt,
  });
  const checkpoints = createCheckpoints(database);

  const write = (commits: number, fields: ToWriter & { kind: 'group' }) => {
    tail.evictThrough(shared.indexed());
    const before = writer.head();
    const outcome = writer.write(decodeCommits(fields.fields, commits));
    if (outcome.kind !== 'durable') return outcome;
    const { position, link } = writer.head();
    if (position === before.position) return { kind: 'answers', answers: outcome.answers } as const;
    headFile.write({ position, link });
    shared.setDurable(position);
    return { kind: 'answers', answers: outcome.answers } as const;
  };
  void write;
}

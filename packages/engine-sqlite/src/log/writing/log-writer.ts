import { parentPort, workerData } from 'node:worker_threads';
import { claimFilter } from '../indexing/claim-filter.ts';
import { openLogForWriting } from '../log-file.ts';
import { LOG_FILE, MARK_IMPORTED } from '../log-schema.ts';
import { type FromWriter, type ToWriter, toFailure, type WriterWorkerData } from '../messages.ts';
import { createLogReader } from '../reading/log-reader.ts';
import { sharedHead } from '../shared-head.ts';
import { checkLogEnd } from '../start-up.ts';
import { createLogService, type LogService } from './log-service.ts';

// The thread that owns the log. It opens the log, waits until the index is there, and serves.

const { directory, head, claims, derivedPositions, imports }: WriterWorkerData = workerData;
const shared = sharedHead(head);
const tell = (message: FromWriter) => parentPort?.postMessage(message);

function open() {
  const database = openLogForWriting(directory);
  try {
    if (imports) database.exec(MARK_IMPORTED);
    const end = checkLogEnd(directory, createLogReader(database), derivedPositions);
    shared.setDurable(end.head.position);
    tell({ kind: 'opened', lastRecordedAt: end.lastRecordedAt });
    return { directory, database, end, shared, claims: claimFilter(claims), imports, tell };
  } catch (error) {
    database.close();
    throw error;
  }
}

function guarded(work: () => void): void {
  try {
    work();
  } catch (error) {
    tell({ kind: 'failed', failure: toFailure(error, LOG_FILE) });
  }
}

guarded(() => {
  const parts = open();
  let service: LogService | undefined;
  parentPort?.on('message', (message: ToWriter) =>
    guarded(() => {
      switch (message.kind) {
        case 'serve':
          service = createLogService(parts);
          return tell({ kind: 'serving' });
        case 'group':
          return service?.group(message);
        case 'close':
          parentPort?.unref();
          service?.close();
          parts.database.close();
          return tell({ kind: 'closed' });
      }
    }),
  );
});

import { parentPort, workerData } from 'node:worker_threads';
import { openLogForReading } from '../log-file.ts';
import { type FromIndex, type IndexWorkerData, toFailure } from '../messages.ts';
import { createLogReader } from '../reading/log-reader.ts';
import { sharedHead } from '../shared-head.ts';
import { claimFilter } from './claim-filter.ts';
import { followLog } from './follow-log.ts';
import { explained, openIndex } from './index-file.ts';

// The thread that keeps the index: it blocks while there is nothing to do, and ends when it is asked to.

const { directory, head, claims }: IndexWorkerData = workerData;
const shared = sharedHead(head);
const tell = (message: FromIndex) => parentPort?.postMessage(message);

try {
  const logFile = openLogForReading(directory);
  const log = createLogReader(logFile);
  const index = openIndex(directory, log, shared.durable());
  try {
    followLog({ directory, log, index, shared, claims: claimFilter(claims), tell });
  } catch (error) {
    throw explained(error, directory, index);
  }
  index.close();
  logFile.close();
} catch (error) {
  tell({ kind: 'failed', failure: toFailure(error, 'index.db') });
}

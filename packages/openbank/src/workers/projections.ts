/** The thread that keeps read models up with the log: it has its own connections, and only their progress leaves it. */
import { parentPort, workerData } from 'node:worker_threads';
import { projections } from '@openbank/bank';
import { openSqliteEventReader, openSqliteReadModelStore } from '@openbank/engine-sqlite';
import { runProjections } from '@openbank/eventsourcing';
import type { ProjectionMessage, ProjectionsWorkerData } from './projection-messages.ts';

const { directory, sharedHead }: ProjectionsWorkerData = workerData;
const reader = openSqliteEventReader({ directory, head: sharedHead });
const store = openSqliteReadModelStore({ directory });
const ending = new AbortController();

// The only message there is: end.
parentPort?.once('message', () => ending.abort());

await runProjections({
  reader,
  store,
  projections,
  signal: ending.signal,
  onNews: tell,
  onRetry: (error, attempt) => tell({ kind: 'retry', reason: reasonOf(error), attempt }),
});
if (!ending.signal.aborted) tell({ kind: 'ended' });
await store.close();
await reader.close();
parentPort?.close();

function tell(message: ProjectionMessage): void {
  parentPort?.postMessage(message);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The thread that keeps read models up with the log: it has its own connections, and only their progress leaves it. */
import { parentPort, workerData } from 'node:worker_threads';
import { projections } from '@openbank/bank';
import { runProjections } from '@openbank/eventsourcing';
import { openProjectionStores } from '../stores/projection-stores.ts';
import type { ProjectionMessage, ProjectionsWorkerData } from './projection-messages.ts';

const options: ProjectionsWorkerData = workerData;
const opened = new AsyncDisposableStack();
const { reader, store } = await openProjectionStores(options, opened);
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
await opened.disposeAsync();
parentPort?.close();

function tell(message: ProjectionMessage): void {
  parentPort?.postMessage(message);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

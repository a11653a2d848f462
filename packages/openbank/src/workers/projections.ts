/** The thread that keeps read models up with the log: it has its own connections, and only their progress leaves it. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { projections } from '@openbank/bank';
import { type LeaseNews, runLeasedProjections, runProjections } from '@openbank/eventsourcing';
import { openProjectionStores } from '../stores/projection-stores.ts';
import type { ProjectionMessage, ProjectionsWorkerData } from './projection-messages.ts';

const options: ProjectionsWorkerData = workerData;
const opened = new AsyncDisposableStack();
const { reader, store, leases } = await openProjectionStores(options, opened);
const ending = new AbortController();

// The only message there is: end.
parentPort?.once('message', () => ending.abort());

const run = {
  reader,
  store,
  projections,
  signal: ending.signal,
  onNews: tell,
  onRetry: (error: unknown, attempt: number) => tell({ kind: 'retry', reason: reasonOf(error), attempt }),
};
if (leases === undefined) await runProjections(run);
else {
  const holder = `${hostname()}-${process.pid}-${randomUUID()}`;
  const onShare = (share: string, news: LeaseNews) => tell({ kind: 'share', share, news });
  await runLeasedProjections({ ...run, leases, holder, onShare });
}
if (!ending.signal.aborted) tell({ kind: 'ended' });
await opened.disposeAsync();
parentPort?.close();

function tell(message: ProjectionMessage): void {
  parentPort?.postMessage(message);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { projections } from '@openbank/bank';
import {
  createLiveReader,
  createMemoryEventStore,
  createMemoryKeyStore,
  createMemoryReadModelStore,
  createProgress,
  createRepository,
  createVault,
  type EventStore,
  runProjections,
} from '@openbank/eventsourcing';
import { pino } from 'pino';
import { createBank } from '../bank.ts';
import { watchProjections, watchRepository } from '../gauges.ts';
import { createHealth } from '../health.ts';
import type { App } from '../http/app.ts';
import { createReads } from '../http/reads.ts';
import { createServer } from '../http/server.ts';
import { createMetrics } from '../metrics.ts';
import { firstNews } from '../workers/first-news.ts';
import { checkAnswers } from './openapi/check-app.ts';

export interface MemoryBank {
  readonly app: App;
  /** Lines that were logged. */
  readonly logged: readonly string[];
  /** Stops the projections, so that read models stay behind. */
  pauseProjections(): Promise<void>;
  close(): Promise<void>;
}

export interface MemoryBankOptions {
  readonly token?: string;
  /** Stands between the bank and its store, to make the store fail. */
  readonly wrap?: (store: EventStore) => EventStore;
  /** Milliseconds that reads wait. */
  readonly patience?: number;
  /** Milliseconds that a command waits, and repeats what the store did not answer. */
  readonly timeoutMs?: number;
  /** Requests that are answered at once. */
  readonly places?: number;
}

/** The whole HTTP interface on the memory engines, composed as in composition.ts. */
export async function openMemoryBank(options: MemoryBankOptions = {}): Promise<MemoryBank> {
  const memory = createMemoryEventStore();
  const store = options.wrap?.(memory) ?? memory;
  const models = createMemoryReadModelStore();
  const vault = await createVault({ keys: createMemoryKeyStore(), masterKey: new Uint8Array(32) });
  const progress = createProgress();
  const ending = new AbortController();
  const running = runProjections({
    reader: memory,
    store: models,
    projections,
    signal: ending.signal,
    onNews: progress.tell,
  });
  await firstNews(progress, projections, 2_000);
  const metrics = createMetrics();
  const repository = createRepository({
    store,
    vault,
    ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
  });
  const bank = createBank({
    repository,
    log: store,
    models: createLiveReader(models, progress, projections),
    vault,
    observe: ({ message, outcome }) => metrics.sent(message, outcome),
  });
  const { patience = 300 } = options;
  const reads = createReads({ reader: store, progress, patience });
  const health = createHealth({ reader: store, progress, projections });
  watchRepository(metrics, repository);
  watchProjections(metrics, health);
  const logged: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  const app = await createServer(
    { bank, reads, health, metrics, currency: 'USD' },
    { token: options.token, log, ...(options.places !== undefined && { places: options.places }) },
  );
  checkAnswers(app);
  async function pauseProjections(): Promise<void> {
    ending.abort();
    await running;
  }
  return {
    app,
    logged,
    pauseProjections,
    async close() {
      await app.close();
      await pauseProjections();
      await store.close();
    },
  };
}

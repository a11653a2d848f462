import { join } from 'node:path';
import { accounts, persons } from '@openbank/bank';
import {
  type IndexProgress,
  openSqliteEventStore,
  openSqliteKeyStore,
  openSqliteReadModelReader,
} from '@openbank/engine-sqlite';
import {
  createProgress,
  createRepository,
  createVault,
  loadMasterKey,
  type ReadModel,
  type ReadModelReader,
  type Trace,
} from '@openbank/eventsourcing';
import type { Logger } from 'pino';
import { createBank } from './bank.ts';
import type { Config } from './config.ts';
import { watchBank } from './gauges.ts';
import { createHealth } from './health.ts';
import type { App } from './http/app.ts';
import { createServer } from './http/server.ts';
import { createMetrics } from './metrics.ts';
import { createReads } from './reads.ts';
import { superviseProjections } from './workers/supervise.ts';

/** The whole program, put together by hand. */
export interface Composition {
  readonly app: App;
  /** Ends everything behind the HTTP interface, after that has ended itself. */
  close(): Promise<void>;
}

export interface CompositionOptions {
  readonly config: Config;
  readonly log: Logger;
  onIndexProgress(progress: IndexProgress): void;
}

/** @throws EventSourcingError - one of the stores, or the master key, cannot be used; the message says what to do */
export async function compose({ config, log, onIndexProgress }: CompositionOptions): Promise<Composition> {
  const directory = config.data;
  const projections = [accounts, persons];

  const models = openSqliteReadModelReader({ directory });
  const store = await openSqliteEventStore({
    directory,
    derivedPositions: await checkpointsOf(projections, models),
    onProgress: onIndexProgress,
  });

  const keys = openSqliteKeyStore({ directory });
  const masterKey = await loadMasterKey({
    env: config.masterKey,
    file: join(directory, 'master.key'),
    keysExist: !(await keys.isEmpty()),
  });
  const vault = await createVault({ keys, masterKey });

  const progress = createProgress();
  const names = projections.map(({ name }) => name);
  const running = superviseProjections({ directory, sharedHead: store.sharedHead, names, progress, log });

  const metrics = createMetrics();
  const repository = createRepository({ store, vault });
  const observe = ({ message, outcome }: Trace): void => metrics.sent(message, outcome);
  const bank = createBank({ repository, models, vault, observe });
  const reads = createReads({ reader: store, progress });
  const isWritable = (): boolean => store.state.kind === 'running';
  const health = createHealth({ reader: store, progress, projections: names, isWritable });

  watchBank(metrics, repository, health);
  const app = await createServer(
    { bank, reads, health, metrics, currency: config.currency },
    { token: config.token, log },
  );

  return {
    app,
    async close() {
      await running.close();
      await store.close();
      await models.close();
      await keys.close();
    },
  };
}

/** How far the read models remember the log: a log that is behind them has lost its end. */
async function checkpointsOf(projections: readonly ReadModel[], models: ReadModelReader) {
  const derived = await Promise.all(
    projections.map(async (model) => ({ name: model.name, position: await models.checkpoint(model) })),
  );
  return derived.flatMap(({ name, position }) => (position === undefined ? [] : [{ name, position }]));
}

import { join } from 'node:path';
import { projections } from '@openbank/bank';
import {
  type DerivedPosition,
  highestReadModelCheckpoint,
  highestSnapshotPosition,
  type IndexProgress,
  openSqliteEventStore,
  openSqliteKeyStore,
  openSqliteReadModelReader,
  openSqliteSnapshotStore,
} from '@openbank/engine-sqlite';
import {
  createLiveReader,
  createProgress,
  createRepository,
  createVault,
  EventSourcingError,
  type EventStore,
  type KeyStore,
  loadMasterKey,
  type Trace,
} from '@openbank/eventsourcing';
import type { Logger } from 'pino';
import { createBank } from './bank.ts';
import type { Config } from './config.ts';
import { watchBank } from './gauges.ts';
import { createHealth } from './health.ts';
import type { App } from './http/app.ts';
import { createReads } from './http/reads.ts';
import { createServer } from './http/server.ts';
import { createMetrics } from './metrics.ts';
import { observeSnapshots } from './observe-snapshots.ts';
import { firstNews } from './workers/first-news.ts';
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
  /** The directory is this process's alone. */
  onLocked(): void;
  /** It will be others' in a moment. */
  onUnlocking(): void;
  onIndexProgress(progress: IndexProgress): void;
}

/** @throws EventSourcingError - one of the stores, or the master key, cannot be used; the message says what to do */
export async function compose(options: CompositionOptions): Promise<Composition> {
  const opened = new AsyncDisposableStack();
  try {
    const app = await composeWith(options, opened);
    return { app, close: () => opened.disposeAsync() };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

/** @param opened - what is opened on the way; it is closed in the opposite order */
async function composeWith(
  { config, log, onLocked, onUnlocking, onIndexProgress }: CompositionOptions,
  opened: AsyncDisposableStack,
): Promise<App> {
  const directory = config.data;

  const models = opened.adopt(openSqliteReadModelReader({ directory }), close);
  const store = opened.adopt(
    await openSqliteEventStore({
      directory,
      derivedPositions: derivedPositions(directory),
      onLocked,
      onProgress: onIndexProgress,
    }),
    close,
  );
  opened.defer(async () => onUnlocking());

  const keys = opened.adopt(openSqliteKeyStore({ directory }), close);
  await assertKeysBelong(keys, store);
  const masterKey = await loadMasterKey({
    env: config.masterKey,
    file: join(directory, 'master.key'),
    keysExist: !(await keys.isEmpty()),
  });
  const vault = await createVault({ keys, masterKey });

  const progress = createProgress();
  const { sharedHead } = store;
  opened.adopt(superviseProjections({ directory, sharedHead, projections, progress, log }), close);
  await firstNews(progress, projections, 2_000);

  const metrics = createMetrics();
  const { snapshotEvery: every, snapshotKeep: keep } = config;
  const snapshots = opened.adopt(openSqliteSnapshotStore({ directory, keep }), close);
  const repository = createRepository({
    store,
    vault,
    maxCachedBytes: config.cacheMb * 1024 * 1024,
    snapshots: { store: snapshots, every, observe: observeSnapshots(metrics, log) },
  });
  const observe = ({ message, outcome }: Trace): void => metrics.sent(message, outcome);
  const live = createLiveReader(models, progress, projections);
  const bank = createBank({ repository, models: live, vault, observe });
  const reads = createReads({ reader: store, progress });
  const isWritable = (): boolean => store.state.kind === 'running';
  const health = createHealth({ reader: store, progress, projections, isWritable });
  watchBank(metrics, repository, health);

  const { currency, token } = config;
  return createServer({ bank, reads, health, metrics, currency }, { token, log });
}

function close(opened: { close(): Promise<void> }): Promise<void> {
  return opened.close();
}

/** How far what is derived remembers the log: one that ends before has lost its end. */
function derivedPositions(directory: string): readonly DerivedPosition[] {
  const remembered = [
    { name: 'read-models.db', position: highestReadModelCheckpoint(directory) },
    { name: 'snapshots.db', position: highestSnapshotPosition(directory) },
  ];
  return remembered.flatMap(({ name, position }) => (position === undefined ? [] : [{ name, position }]));
}

/**
 * The first start makes a secret before the first event is written: a log without any keys has lost them. New ones would
 * hide that, and open nothing that was sealed.
 */
async function assertKeysBelong(keys: KeyStore, store: EventStore): Promise<void> {
  if (!(await keys.isEmpty()) || (await store.head()) === undefined) return;
  throw new EventSourcingError(
    'key-missing',
    'There are events, but keys.db, with which their personal data can be read, is missing or empty: restore it from a backup.',
  );
}

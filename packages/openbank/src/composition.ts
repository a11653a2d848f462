import { join } from 'node:path';
import { accounts, persons, projections } from '@openbank/bank';
import {
  createHotDocuments,
  createLiveReader,
  createProgress,
  createRepository,
  createVault,
  EventSourcingError,
  loadMasterKey,
  type Progress,
  type ReadModelReader,
  type Trace,
  type Vault,
} from '@openbank/eventsourcing';
import type { Logger } from 'pino';
import { createBank } from './bank.ts';
import type { Config } from './config.ts';
import { watchProjections, watchRepository } from './gauges.ts';
import { createHealth } from './health.ts';
import type { App } from './http/app.ts';
import { createProjectorServer } from './http/projector-server.ts';
import { createReads } from './http/reads.ts';
import { createServer } from './http/server.ts';
import { createMetrics } from './metrics.ts';
import { observeSnapshots } from './observe-snapshots.ts';
import { type OpenStoresOptions, openStores } from './stores/open-stores.ts';
import { close, type EventSide, type Opened, type ReadSide } from './stores/stores.ts';
import { firstNews } from './workers/first-news.ts';
import { followOthers } from './workers/follow-others.ts';
import { superviseProjections } from './workers/supervise.ts';

/** The whole program, put together by hand. */
export interface Composition {
  readonly app: App;
  /** Ends everything behind the HTTP interface, after that has ended itself. */
  close(): Promise<void>;
}

export interface CompositionOptions extends OpenStoresOptions {
  /** Whether this process keeps read models up with the log; else others do, and it looks how far they are. */
  readonly projects: boolean;
  readonly log: Logger;
}

/** The bank. @throws EventSourcingError - a store or the master key cannot be used; the message says what to do */
export function composeBank(options: CompositionOptions): Promise<Composition> {
  return composed((opened) => bankWith(options, opened));
}

/** What only projects. @throws EventSourcingError - one of the stores cannot be used; the message says what to do */
export function composeProjector(options: Omit<CompositionOptions, 'projects'>): Promise<Composition> {
  return composed((opened) => projectorWith({ ...options, projects: true }, opened));
}

/** @param build - told where to leave what it opens; that is closed in the opposite order */
async function composed(build: (opened: Opened) => Promise<App>): Promise<Composition> {
  const opened = new AsyncDisposableStack();
  try {
    const app = await build(opened);
    return { app, close: () => opened.disposeAsync() };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

async function bankWith(options: CompositionOptions, opened: Opened): Promise<App> {
  const { config, log } = options;
  const stores = await openStores(options, opened);
  const { events, models, snapshots, isWritable, patience: timeoutMs } = stores;
  const vault = await openVault(config, stores);

  const progress = startProjections(options, stores, opened);
  // A process that shares the work with others first has to be given some of it.
  await firstNews(progress, projections, config.readStore.engine === 'sqlite' ? 2_000 : 15_000);

  const metrics = createMetrics();
  const repository = createRepository({
    store: events,
    vault,
    timeoutMs,
    maxCachedBytes: config.cacheMb * 1024 * 1024,
    snapshots: { store: snapshots, every: config.snapshotEvery, observe: observeSnapshots(metrics, log) },
  });
  const observe = ({ message, outcome }: Trace): void => metrics.sent(message, outcome);
  const live = createLiveReader(hotDocuments(config, models, progress), progress, projections);
  const bank = createBank({ repository, log: events, models: live, vault, observe });
  const reads = createReads({ reader: events, progress });
  const health = createHealth({ reader: events, progress, projections, isWritable });
  watchRepository(metrics, repository);
  watchProjections(metrics, health);

  const { currency, token } = config;
  return createServer({ bank, reads, health, metrics, currency }, { token, log });
}

/** What is in files of this machine is as near as a cache would be. */
function hotDocuments(
  { readStore, readCacheMb }: Config,
  reader: ReadModelReader,
  progress: Progress,
): ReadModelReader {
  const bytes = readStore.engine === 'sqlite' ? 0 : readCacheMb * 1024 * 1024;
  const prefixes = new Map([accounts, persons].map(({ name, streamPrefix }) => [name, streamPrefix]));
  return createHotDocuments({
    reader,
    progress,
    bytes,
    streamOf({ name }, id) {
      const prefix = prefixes.get(name);
      return prefix && prefix + id;
    },
  });
}

async function projectorWith(options: CompositionOptions, opened: Opened): Promise<App> {
  const { config, log } = options;
  const stores = await openStores(options, opened);
  const progress = startProjections(options, stores, opened);
  const metrics = createMetrics();
  const health = createHealth({ reader: stores.events, progress, projections });
  watchProjections(metrics, health);
  return createProjectorServer({ health, metrics }, { token: config.token, log });
}

/** Answers how far they are, whoever runs them. */
function startProjections(
  { config, log, projects }: CompositionOptions,
  { sharedHead, ...stores }: EventSide & ReadSide,
  opened: Opened,
): Progress {
  const progress = createProgress();
  const { data: directory, eventStore, readStore } = config;
  const isShared = readStore.engine !== 'sqlite';
  if (isShared) opened.adopt(followOthers(stores, progress, log), close);
  if (!projects) return progress;
  const workerStores = { directory, eventStore, readStore, sharedHead };
  opened.adopt(superviseProjections({ stores: workerStores, isShared, projections, progress, log }), close);
  return progress;
}

/**
 * The first start makes a secret before the first event is written: a log without any keys has lost them. New ones would
 * hide that, and open nothing that was sealed.
 */
async function openVault(
  { data, masterKey: env }: Config,
  { events, keys, keysAt }: EventSide & ReadSide,
): Promise<Vault> {
  const keysExist = !(await keys.isEmpty());
  if (!keysExist && (await events.head()) !== undefined) throw keysMissing(keysAt);
  const masterKey = await loadMasterKey({ env, file: join(data, 'master.key'), keysExist });
  return createVault({ keys, masterKey });
}

function keysMissing(keysAt: string): EventSourcingError {
  return new EventSourcingError(
    'key-missing',
    `There are events, but ${keysAt}, with which their personal data can be read, is missing or empty: restore it from a backup, or, where the bank was being imported or copied, give that command again.`,
  );
}

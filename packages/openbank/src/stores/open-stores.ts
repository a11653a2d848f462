import type { Config } from '../config.ts';
import { isAllInFiles } from '../store-address.ts';
import { type FileOptions, openEventFiles, openReadFiles } from './files.ts';
import { assertLogReaches } from './log-reach.ts';
import type { EventSide, Opened, ReadSide } from './stores.ts';

export interface OpenStoresOptions extends Omit<FileOptions, 'directory' | 'snapshotKeep'> {
  readonly config: Config;
}

/**
 * The stores of a bank that runs, on the engines that it is told. Clients of servers are loaded only where they are needed: that takes a while.
 *
 * @throws EventSourcingError - one of the stores cannot be used; the message says what to do
 */
export async function openStores(
  { config, ...options }: OpenStoresOptions,
  opened: Opened,
): Promise<EventSide & ReadSide> {
  const { data: directory, eventStore, readStore, snapshotKeep } = config;
  const stores = { ...(await openEventSide()), ...(await openReadSide()) };
  // In files, whoever opens the log has compared them already.
  if (!isAllInFiles(config)) await assertLogReaches(stores.events, stores.models);
  return stores;

  async function openEventSide(): Promise<EventSide> {
    if (eventStore.engine === 'sqlite')
      return openEventFiles({ ...options, directory, snapshotKeep }, opened);
    const { openKurrent } = await import('./kurrent.ts');
    return openKurrent(eventStore.text, snapshotKeep, opened);
  }

  async function openReadSide(): Promise<ReadSide> {
    if (readStore.engine === 'sqlite') return openReadFiles(directory, opened);
    const { openMongo } = await import('./mongo.ts');
    return openMongo(readStore.text, opened);
  }
}

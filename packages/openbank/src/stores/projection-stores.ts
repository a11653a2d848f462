import { openSqliteEventReader, openSqliteReadModelStore } from '@openbank/engine-sqlite';
import type { EventReader, LeaseStore, ReadModelStore } from '@openbank/eventsourcing';
import type { EventStoreAddress, ReadStoreAddress } from '../store-address.ts';
import { close, type Opened } from './stores.ts';

/** Plain data, for the thread of the projections. */
export interface ProjectionStoresOptions {
  readonly directory: string;
  readonly eventStore: EventStoreAddress;
  readonly readStore: ReadStoreAddress;
  /** See `EventSide`. */
  readonly sharedHead: SharedArrayBuffer | undefined;
}

export interface ProjectionStores {
  readonly reader: EventReader;
  readonly store: ReadModelStore;
  /** By which processes share the work; undefined where there can be only one. */
  readonly leases: LeaseStore | undefined;
}

/** The stores as projections use them, on connections of their own. @throws EventSourcingError - see `openStores` */
export async function openProjectionStores(
  options: ProjectionStoresOptions,
  opened: Opened,
): Promise<ProjectionStores> {
  const reader = await openReader(options, opened);
  return { reader, ...(await openReadModels(options, opened)) };
}

async function openReader(
  { directory, eventStore, sharedHead }: ProjectionStoresOptions,
  opened: Opened,
): Promise<EventReader> {
  if (eventStore.engine === 'sqlite') {
    if (sharedHead === undefined) throw new Error('Only who has opened the log in files can project it.');
    return opened.adopt(openSqliteEventReader({ directory, head: sharedHead }), close);
  }
  const { openKurrentReader } = await import('./kurrent.ts');
  return openKurrentReader(eventStore.text, opened);
}

async function openReadModels(
  { directory, readStore }: ProjectionStoresOptions,
  opened: Opened,
): Promise<Omit<ProjectionStores, 'reader'>> {
  if (readStore.engine === 'sqlite') {
    return { store: opened.adopt(openSqliteReadModelStore({ directory }), close), leases: undefined };
  }
  const { openMongoReadModels } = await import('./mongo.ts');
  return openMongoReadModels(readStore.text, opened);
}

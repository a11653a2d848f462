import { openSqliteEventReader, openSqliteReadModelStore } from '@openbank/engine-sqlite';
import type { EventReader, ReadModelStore } from '@openbank/eventsourcing';
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
}

/** The stores as projections use them, on connections of their own. @throws EventSourcingError - see `openStores` */
export async function openProjectionStores(
  options: ProjectionStoresOptions,
  opened: Opened,
): Promise<ProjectionStores> {
  const reader = await openReader(options, opened);
  return { reader, store: await openReadModels(options, opened) };
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
): Promise<ReadModelStore> {
  if (readStore.engine === 'sqlite') return opened.adopt(openSqliteReadModelStore({ directory }), close);
  const { openMongoReadModels } = await import('./mongo.ts');
  return openMongoReadModels(readStore.text, opened);
}

import { afterEach, beforeEach } from 'vitest';
import type { Position } from '../../event.ts';
import type {
  Document,
  DocumentChange,
  DocumentFields,
  Query,
  ReadModel,
  ReadModelStore,
} from '../../projections/read-model-store.ts';

/** Where the suite gets its stores from. */
export interface ReadModelStoreSource {
  /** An empty store. */
  open(): Promise<ReadModelStore>;
  /** An empty store whose models have so many partitions, where it can have more than one. */
  openDivided?(partitions: number): Promise<ReadModelStore>;
  /** The same store again after `close`, where it outlives its process. */
  reopen?(): Promise<ReadModelStore>;
  /** Removes what `open` left behind. */
  cleanUp?(): Promise<void>;
}

export const PARCELS: ReadModel = {
  name: 'parcels',
  version: 1,
  fields: { owner: 'text', weight: 'integer', note: 'text', details: 'json' },
  indexes: [['owner'], ['weight'], ['note'], ['owner', 'weight'], ['owner', 'note']],
};

export const NOTHING: DocumentFields = {
  owner: null,
  weight: null,
  note: null,
  details: null,
};

/** The store of one test, with the parcels in it. */
export interface ParcelStore {
  /** Another one after a test has opened it again. */
  store: ReadModelStore;
  /** The owner's, whose batches `apply` applies. */
  epoch: number;
  /** Of the partition that `apply` works on, the first. */
  checkpoint(): Promise<Position | undefined>;
  /** Applies changes as the next batch of the owner. */
  apply(...changes: readonly DocumentChange[]): Promise<void>;
  add(id: string, fields: DocumentFields): Promise<void>;
  /** The ids of a page that is large enough for all. */
  find(query: Partial<Query>): Promise<readonly string[]>;
  everyPage(query: Query): Promise<readonly string[]>;
}

/** A new store for each test, with the model prepared and taken over. */
export function eachWithParcels(source: ReadModelStoreSource): ParcelStore {
  let store: ReadModelStore | undefined;
  let sequence = 0;
  const parcels: ParcelStore = {
    get store() {
      if (store === undefined) throw new Error('The store is opened before each test: use it inside of one.');
      return store;
    },
    set store(reopened) {
      store = reopened;
    },
    epoch: 0,
    checkpoint: async () => (await parcels.store.checkpoints(PARCELS))[0],
    async apply(...changes) {
      const after = sequence === 0 ? undefined : position(sequence);
      const { epoch } = parcels;
      await parcels.store.apply(PARCELS, {
        partition: 0,
        after,
        position: position(sequence + 1),
        epoch,
        changes,
      });
      sequence++;
    },
    add: (id, fields) => parcels.apply(created(id, fields)),
    async find(query) {
      const page = await parcels.store.find(PARCELS, { limit: 100, ...query });
      return page.documents.map((document) => document.id);
    },
    async everyPage(query) {
      const ids: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await parcels.store.find(PARCELS, cursor === undefined ? query : { ...query, cursor });
        ids.push(...page.documents.map((document) => document.id));
        cursor = page.next;
        if (cursor === undefined) return ids;
      }
    },
  };
  beforeEach(async () => {
    store = await source.open();
    sequence = 0;
    await store.prepare(PARCELS);
    parcels.epoch = await store.takeOver(PARCELS, 0);
  });
  afterEach(async () => {
    await store?.close();
    await source.cleanUp?.();
  });
  return parcels;
}

export function position(sequence: number): string {
  return String(sequence).padStart(16, '0');
}

/** The change that makes a document, the fields left out being null. */
export function created(id: string, fields: DocumentFields): DocumentChange {
  return { id, from: undefined, revision: 0, fields: { ...NOTHING, ...fields } };
}

export function shown(id: string, revision: number, fields: DocumentFields): Document {
  return { id, revision, fields: { ...NOTHING, ...fields } };
}

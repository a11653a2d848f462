import type { ReadModelStore } from '@openbank/eventsourcing';
import type { Collection } from 'mongodb';
import { CLIENT, contender, ENGINE } from './compared.ts';
import {
  ACCOUNTS,
  type BothBatches,
  createBatches,
  IN_A_BATCH,
  INDEX,
  idOf,
  ownerOf,
  type Row,
} from './mongo-documents.ts';
import { type Spent, spentOn } from './spent.ts';

/** Both on one server, each on a connection of its own. */
export interface MongoSides {
  readonly store: ReadModelStore;
  /** A collection of nobody else, made anew. */
  collection(): Promise<Collection<Row>>;
}

export interface MongoLoad {
  readonly batches: number;
  readonly reads: number;
}

export const APPLY = `batches of ${IN_A_BATCH.toLocaleString('en')} documents`;
export const GET = 'documents by id, one at a time';
const PAGE = 50;
export const LIST = `pages of ${PAGE} documents of a list, one at a time`;

/** The engine's batches, with their guards and checkpoints, and the driver's bulk writes of the same documents; reads of both. */
export async function mongoContenders(sides: MongoSides, { batches, reads }: MongoLoad) {
  const all = createBatches(batches);
  const prepared = await sides.collection();
  await applyAll(sides.store, all);
  await writeAll(prepared, all);
  const id = (at: number) => idOf((at * 7) % (batches * (IN_A_BATCH / 2)));
  const owner = (at: number) => ownerOf((at * 7) % (batches * (IN_A_BATCH / 2)));
  return {
    [contender(CLIENT, APPLY)]: async () => {
      const collection = await sides.collection();
      return spentOn(batches, () => writeAll(collection, all));
    },
    [contender(ENGINE, APPLY)]: () => applied(sides.store, all),
    [contender(CLIENT, GET)]: () => repeated(reads, (at) => prepared.findOne({ _id: id(at) })),
    [contender(ENGINE, GET)]: () => repeated(reads, (at) => sides.store.get(ACCOUNTS, id(at))),
    [contender(CLIENT, LIST)]: () =>
      repeated(reads, (at) =>
        prepared
          .find({ deleted: false, owner_id: owner(at) }, { sort: { opened_at: 1, _id: 1 }, limit: PAGE })
          .toArray(),
      ),
    [contender(ENGINE, LIST)]: () => repeated(reads, (at) => sides.store.find(ACCOUNTS, listOf(owner(at)))),
  };
}

/** As the engine indexes it. */
export async function indexed(collection: Collection<Row>): Promise<Collection<Row>> {
  await collection.createIndex(INDEX, { partialFilterExpression: { deleted: false } });
  return collection;
}

function listOf(owner_id: string) {
  return {
    where: { owner_id },
    orderBy: { field: 'opened_at', direction: 'ascending' },
    limit: PAGE,
  } as const;
}

async function writeAll(collection: Collection<Row>, batches: readonly BothBatches[]): Promise<void> {
  for (const { operations } of batches) await collection.bulkWrite([...operations], { ordered: false });
}

/** Empties the model, and measures how it is filled. */
async function applied(store: ReadModelStore, batches: readonly BothBatches[]): Promise<Spent> {
  await store.drop(ACCOUNTS);
  const apply = await owned(store);
  return spentOn(batches.length, () => apply(batches));
}

async function applyAll(store: ReadModelStore, batches: readonly BothBatches[]): Promise<void> {
  const apply = await owned(store);
  await apply(batches);
}

async function owned(store: ReadModelStore) {
  await store.prepare(ACCOUNTS);
  const epoch = await store.takeOver(ACCOUNTS, 0);
  let after: string | undefined;
  return async (batches: readonly BothBatches[]): Promise<void> => {
    for (const [at, { changes }] of batches.entries()) {
      const position = String(at).padStart(16, '0');
      await store.apply(ACCOUNTS, { partition: 0, after, position, epoch, changes });
      after = position;
    }
  };
}

async function repeated(times: number, once: (at: number) => Promise<unknown>): Promise<Spent> {
  const run = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at++)
      if (!(await once(at))) throw new Error('A document that was written is not found.');
  };
  await run(Math.ceil(times / 4));
  return spentOn(times, () => run(times));
}

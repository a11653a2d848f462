import {
  checkReadModel,
  notPrepared,
  partitionsOf,
  type ReadModel,
  type ReadModelStore,
  readModelKey,
  type StoredDocument,
} from '@openbank/eventsourcing';
import type { MongoConnection } from '../connection/connection.ts';
import { applyBatch } from './apply-batch.ts';
import { readCheckpoints, takeOver } from './checkpoints.ts';
import { findDeclaration, prepareCollection, rowsOf } from './declarations.ts';
import { storedDocumentOf } from './documents.ts';
import { findFaults } from './faults.ts';
import { keepPartitions } from './partitions.ts';
import { findPage, getDocument, getDocuments, takeCensus } from './reading.ts';
import { dropVersion, keptVersions, liveVersion, setLive } from './versions.ts';

export interface MongoReadModelStoreOptions {
  /**
   * Into how many parts the streams are divided, each with one owner at a time: no more processes than that can share the
   * work. 1 to 1,024, default 8. A database keeps the number that it was made with: a later one has no effect.
   */
  readonly partitions?: number;
}

/** Documents that are loaded with one query. */
const LOADED_AT_ONCE = 1_000;

/**
 * Read models in MongoDB: a collection for each version of each model, a document for each document, a field for each
 * field. Of several stores that are open at once, in any processes, whoever took over a partition of a model last may
 * write it.
 *
 * @throws EventSourcingError `store-unavailable` - and so does each of its calls
 * @throws EventSourcingError `store-misconfigured` - so many partitions there cannot be
 */
export async function openMongoReadModelStore(
  connection: MongoConnection,
  options: MongoReadModelStoreOptions = {},
): Promise<ReadModelStore> {
  const { database, reading, told } = connection;
  const partitions = await told(() => keepPartitions(database, options.partitions ?? 8));
  /** Versions that have been seen in the database. Another process may have dropped them since: then they are empty. */
  const seen = new Set<string>();

  async function assertPrepared(model: ReadModel): Promise<void> {
    const key = readModelKey(model);
    if (seen.has(key)) return;
    if ((await findDeclaration(database, model, reading.maxTimeMS)) === undefined) throw notPrepared(model);
    seen.add(key);
  }

  function prepared<Result>(model: ReadModel, work: () => Promise<Result>): Promise<Result> {
    return told(async () => {
      await assertPrepared(model);
      return work();
    });
  }

  return {
    partitions,
    prepare: (model) =>
      told(async () => {
        checkReadModel(model);
        await prepareCollection(database, model, partitions);
        seen.add(readModelKey(model));
      }),
    takeOver: (model, partition) => prepared(model, () => takeOver(database, model, partition)),
    load: (model, ids) => prepared(model, () => loadDocuments(connection, model, ids)),
    apply: (model, batch) => told(() => applyBatch(connection, model, batch)),
    get: (model, id) => prepared(model, () => getDocument(connection, model, id)),
    getMany: (model, ids) => prepared(model, () => getDocuments(connection, model, ids)),
    find: (model, query) => prepared(model, () => findPage(connection, model, query)),
    checkpoints: (model) =>
      told(async () => {
        const divided = partitionsOf(model, { partitions });
        const found = await readCheckpoints(database, model, divided, reading);
        if (found === undefined) throw notPrepared(model);
        return found;
      }),
    liveVersion: (name) => told(() => liveVersion(database, name, reading.maxTimeMS)),
    census: (model) =>
      prepared(model, () => takeCensus(connection, model, partitionsOf(model, { partitions }))),
    faults: (model) => prepared(model, () => findFaults(connection, model)),
    setLive: (model) => told(() => setLive(database, model, reading.maxTimeMS)),
    versions: (name) => told(() => keptVersions(database, name)),
    drop: (model) =>
      told(async () => {
        seen.delete(readModelKey(model));
        await dropVersion(database, model, reading.maxTimeMS);
      }),
    // The connection is closed by whoever has made it.
    close: async () => {},
  };
}

async function loadDocuments(
  { database, reading }: MongoConnection,
  model: ReadModel,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredDocument>> {
  const found = new Map<string, StoredDocument>();
  for (let from = 0; from < ids.length; from += LOADED_AT_ONCE) {
    const some = ids.slice(from, from + LOADED_AT_ONCE);
    const rows = rowsOf(database, model).find(
      { _id: { $in: some } },
      { ...reading, batchSize: some.length + 1 },
    );
    for await (const row of rows) {
      const document = storedDocumentOf(model, row);
      found.set(document.id, document);
    }
  }
  return found;
}

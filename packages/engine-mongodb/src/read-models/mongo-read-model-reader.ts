import { partitionsOf, type ReadModelReader } from '@openbank/eventsourcing';
import type { MongoConnection } from '../connection/connection.ts';
import { readCheckpoints } from './checkpoints.ts';
import { findFaults } from './faults.ts';
import { partitionsKept } from './partitions.ts';
import { findPage, getDocument, getDocuments, takeCensus } from './reading.ts';
import { liveVersion } from './versions.ts';

/**
 * Reads the read models that other processes write. What they have not made yet, or have dropped, is empty, and has no
 * checkpoints. Each call sees what is durable when it is made.
 */
export function openMongoReadModelReader(connection: MongoConnection): ReadModelReader {
  const { database, reading, told } = connection;
  let kept: number | undefined;

  /** Undefined until a store has made the database; it never changes after that. */
  async function partitions(): Promise<number | undefined> {
    kept ??= await partitionsKept(database, reading.maxTimeMS);
    return kept;
  }

  return {
    get: (model, id) => told(() => getDocument(connection, model, id)),
    getMany: (model, ids) => told(() => getDocuments(connection, model, ids)),
    find: (model, query) => told(() => findPage(connection, model, query)),
    checkpoints: (model) =>
      told(async () => {
        const number = await partitions();
        if (number === undefined) return [];
        const divided = partitionsOf(model, { partitions: number });
        return (await readCheckpoints(database, model, divided, reading)) ?? [];
      }),
    liveVersion: (name) => told(() => liveVersion(database, name, reading.maxTimeMS)),
    census: (model) =>
      told(async () => {
        const number = (await partitions()) ?? 1;
        return takeCensus(connection, model, partitionsOf(model, { partitions: number }));
      }),
    faults: (model) => told(() => findFaults(connection, model)),
  };
}

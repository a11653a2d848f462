import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import {
  type Batch,
  displaced,
  type ModelVersion,
  notPrepared,
  type ReadModel,
  type ReadModelStore,
  readModelKey,
  type StoredDocument,
} from '@openbank/eventsourcing';
import { isOutdated } from '../sqlite/sqlite-error.ts';
import { createTableWriter, type TableWriter } from './changes.ts';
import { type CheckpointStatements, prepareCheckpoints } from './checkpoints.ts';
import { openForWriting } from './database.ts';
import { createTold } from './failures.ts';
import { createTableReader, type TableReader } from './queries.ts';
import { RUN } from './runs.ts';
import { hasTable, prepareTable } from './schema.ts';
import { createVersions } from './versions.ts';
import { createWriteAheadLog } from './write-ahead-log.ts';

export interface SqliteReadModelOptions {
  /** Where `read-models.db` is. */
  readonly directory: string;
}

export interface SqliteReadModelStoreOptions extends SqliteReadModelOptions {
  /** Pages that the write-ahead log may hold before they are moved to the file. Default 20,000: measured best. */
  readonly checkpointPages?: number;
  /** Documents in each run of a model that grows. Default 2^18: measured best. */
  readonly runDocuments?: number;
}

/** One process projects into a file: its read models are not divided. */
const PARTITIONS = 1;

type Table = TableReader & TableWriter;

/**
 * Read models in one SQLite file: a table for each version of each model, with a column for each field. The projections'
 * thread has this one; queries have `openSqliteReadModelReader`. Of several that are open at once, whoever took over a
 * model last may write it.
 *
 * After a sync that failed, every call throws `store-damaged`: the file must be deleted and made again.
 *
 * @throws EventSourcingError `store-damaged`, `store-unavailable` or `storage-full`
 */
export function openSqliteReadModelStore(options: SqliteReadModelStoreOptions): ReadModelStore {
  const { directory, checkpointPages = 20_000, runDocuments = RUN } = options;
  const told = createTold();
  const database = openForWriting(directory);
  const checkpoints = told(() => prepareCheckpoints(database));
  const versions = told(() => createVersions(database));
  const writeAhead = told(() => createWriteAheadLog(database, checkpointPages));
  const tables = new Map<string, Table>();

  function table(model: ReadModel): Table {
    const key = readModelKey(model);
    let known = tables.get(key);
    if (known === undefined) {
      if (!hasTable(database, key)) throw notPrepared(model);
      known = {
        ...createTableReader(database, model),
        ...createTableWriter(database, model, runDocuments),
      };
      tables.set(key, known);
    }
    return known;
  }

  function withTable<Result>(model: ReadModel, work: (table: Table) => Result): Result {
    return told(() => {
      try {
        return work(table(model));
      } catch (error) {
        // Another store may have dropped it.
        if (isOutdated(error) && !hasTable(database, readModelKey(model))) throw notPrepared(model);
        throw error;
      }
    });
  }

  function removeSome(model: ModelVersion): boolean {
    const more = versions.removeSome(model);
    writeAhead.afterBatch();
    return more;
  }

  return {
    async prepare(model) {
      told(() => transaction(database, () => prepareTable(database, model)));
      tables.delete(readModelKey(model));
    },
    partitions: PARTITIONS,
    async takeOver(model) {
      tables.delete(readModelKey(model));
      return withTable(model, () => checkpoints.takeOver(model) ?? refuse(notPrepared(model)));
    },
    async load(model, ids) {
      return withTable(model, (table) => loadAll(table, ids));
    },
    async apply(model, batch) {
      withTable(model, (table) => {
        try {
          transaction(database, () => applyBatch(model, batch, table, checkpoints));
        } catch (error) {
          // What was rolled back is what its writer remembers.
          tables.delete(readModelKey(model));
          throw error;
        }
        writeAhead.afterBatch();
      });
    },
    async get(model, id) {
      return withTable(model, (table) => table.get(id));
    },
    async getMany(model, ids) {
      return withTable(model, (table) => table.getMany(ids));
    },
    async find(model, query) {
      return withTable(model, (table) => table.find(query));
    },
    async checkpoints(model) {
      return withTable(model, (table) => [table.checkpoint()]);
    },
    async liveVersion(name) {
      return told(() => versions.live(name));
    },
    async census(model) {
      return withTable(model, (table) => table.census());
    },
    async faults(model) {
      return withTable(model, (table) => table.faults());
    },
    async setLive(model) {
      told(() => transaction(database, () => versions.setLive(model)));
    },
    async versions(name) {
      return told(() => versions.list(name));
    },
    async drop(model) {
      tables.delete(readModelKey(model));
      told(() => transaction(database, () => versions.drop(model)));
      // What is left when the file is closed goes with the next call.
      while (database.isOpen && told(() => removeSome(model))) await setImmediate();
    },
    async close() {
      if (!database.isOpen) return;
      try {
        told(() => writeAhead.final());
      } finally {
        database.close();
      }
    },
  };
}

function loadAll(table: TableWriter, ids: readonly string[]): ReadonlyMap<string, StoredDocument> {
  const found = new Map<string, StoredDocument>();
  for (const id of ids) {
    const document = table.load(id);
    if (document) found.set(id, document);
  }
  return found;
}

function applyBatch(
  model: ReadModel,
  batch: Batch,
  table: TableWriter,
  checkpoints: CheckpointStatements,
): void {
  if (!checkpoints.move(model, batch)) throw displaced(model);
  const inKeyOrder = [...batch.changes].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const change of inKeyOrder) table.write(change);
}

/** All of the work or nothing, and no other writer in between. */
function transaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    // A full disk may have rolled it back already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function refuse(error: Error): never {
  throw error;
}

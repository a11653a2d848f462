import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type Document,
  type Position,
  planQuery,
  type ReadModel,
  type ReadModelReader,
  readModelKey,
} from '@openbank/eventsourcing';
import { isOutdated } from '../sqlite/sqlite-error.ts';
import { openForReading } from './database.ts';
import { told } from './failures.ts';
import { createTableReader, type TableReader } from './queries.ts';
import { hasTable } from './schema.ts';
import type { SqliteReadModelOptions } from './sqlite-read-model-store.ts';
import { LIVE_VERSION } from './versions.ts';

export interface SqliteReadModelReader extends ReadModelReader {
  close(): Promise<void>;
}

/**
 * Reads the read models that another thread or process writes, on a connection that cannot write. What that side has
 * not made yet, the file included, or has dropped, is empty. Each call sees what is committed when it is made.
 */
export function openSqliteReadModelReader({ directory }: SqliteReadModelOptions): SqliteReadModelReader {
  const tables = new Map<string, TableReader>();
  let database: DatabaseSync | undefined;
  let liveVersion: StatementSync | undefined;

  /** The file, once the table is there. */
  function having(name: string): DatabaseSync | undefined {
    database ??= openForReading(directory);
    return database !== undefined && hasTable(database, name) ? database : undefined;
  }

  function table(model: ReadModel): TableReader | undefined {
    const key = readModelKey(model);
    const known = tables.get(key);
    if (known !== undefined) return known;
    const file = having(key);
    if (file === undefined) return undefined;
    const made = createTableReader(file, model);
    tables.set(key, made);
    return made;
  }

  /** `nothing` where the model's table is not there, or no more. */
  function read<Result>(model: ReadModel, nothing: Result, look: (table: TableReader) => Result): Result {
    return told(() => {
      const known = table(model);
      try {
        return known === undefined ? nothing : look(known);
      } catch (error) {
        if (!isOutdated(error)) throw error;
        tables.delete(readModelKey(model));
        const current = table(model);
        return current === undefined ? nothing : look(current);
      }
    });
  }

  return {
    async get(model, id) {
      return read(model, undefined, (table) => table.get(id));
    },
    async getMany(model, ids) {
      return read<ReadonlyMap<string, Document>>(model, new Map(), (table) => table.getMany(ids));
    },
    async find(model, query) {
      planQuery(model, query);
      return read(model, { documents: [], next: undefined }, (table) => table.find(query));
    },
    async checkpoints(model) {
      return read<readonly (Position | undefined)[]>(model, [undefined], (table) => [table.checkpoint()]);
    },
    async liveVersion(name) {
      return told(() => {
        liveVersion ??= having('live_versions')?.prepare(LIVE_VERSION);
        const row = liveVersion?.get(name);
        return row && Number(row.version);
      });
    },
    async census(model) {
      return read(model, { documents: 0, checkpoint: undefined }, (table) => table.census());
    },
    async faults(model) {
      return read<readonly string[]>(model, [], (table) => table.faults());
    },
    async close() {
      tables.clear();
      liveVersion = undefined;
      if (database?.isOpen) database.close();
      database = undefined;
    },
  };
}

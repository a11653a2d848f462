import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { planQuery, type ReadModel, type ReadModelReader, readModelKey } from '@openbank/eventsourcing';
import { openForReading } from './database.ts';
import { told } from './failures.ts';
import { createTableReader, type TableReader } from './queries.ts';
import { hasTable } from './schema.ts';
import type { SqliteReadModelOptions } from './sqlite-read-model-store.ts';

export interface SqliteReadModelReader extends ReadModelReader {
  close(): Promise<void>;
}

/**
 * Reads the read models that another thread or process writes, on a connection that cannot write. What that side has
 * not made yet, the file included, is empty. Each call sees what is committed when it is made.
 */
export function openSqliteReadModelReader({ directory }: SqliteReadModelOptions): SqliteReadModelReader {
  const tables = new Map<string, TableReader>();
  let database: DatabaseSync | undefined;
  let checkpoint: StatementSync | undefined;

  function table(model: ReadModel): TableReader | undefined {
    const key = readModelKey(model);
    const known = tables.get(key);
    if (known !== undefined) return known;
    database ??= openForReading(directory);
    if (database === undefined || !hasTable(database, key)) return undefined;
    const made = createTableReader(database, model);
    tables.set(key, made);
    return made;
  }

  return {
    async get(model, id) {
      return told(() => table(model)?.get(id));
    },
    async find(model, query) {
      planQuery(model, query);
      return told(() => table(model)?.find(query) ?? { documents: [], next: undefined });
    },
    async checkpoint(model) {
      return told(() => {
        if (table(model) === undefined) return undefined;
        checkpoint ??= database?.prepare('SELECT position FROM checkpoints WHERE model = ? AND version = ?');
        const position = checkpoint?.get(model.name, model.version)?.position;
        return typeof position === 'string' ? position : undefined;
      });
    },
    async close() {
      tables.clear();
      checkpoint = undefined;
      if (database?.isOpen) database.close();
      database = undefined;
    },
  };
}

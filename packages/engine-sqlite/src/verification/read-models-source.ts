import type { DatabaseSync } from 'node:sqlite';
import { EventSourcingError, type Position, type ReadModel } from '@openbank/eventsourcing';
import { toRow } from '../log/position.ts';
import { openForReading } from '../read-models/database.ts';
import { told } from '../read-models/failures.ts';
import { hasTable } from '../read-models/schema.ts';
import {
  openSqliteReadModelReader,
  type SqliteReadModelReader,
} from '../read-models/sqlite-read-model-reader.ts';
import type { SqliteReadModelOptions } from '../read-models/sqlite-read-model-store.ts';

const LOST = `SELECT l.version, c.position FROM live_versions l JOIN checkpoints c USING (model, version)
  WHERE l.model = ? AND c.position IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = l.model || '_v' || l.version)`;

/**
 * The read models of a directory to be verified: as queries read them, but what is damaged is no read model that has
 * not been filled. Such a one is `store-damaged`, and the message says what is wrong.
 */
export function openSqliteReadModelSource({ directory }: SqliteReadModelOptions): SqliteReadModelReader {
  const reader = openSqliteReadModelReader({ directory });
  let database: DatabaseSync | undefined;

  /** Which version is live, its checkpoint and whether there is its table: all at one moment. */
  function assertNotLost(name: string): void {
    database ??= openForReading(directory);
    if (database === undefined || !hasTable(database, 'live_versions')) return;
    const lost = database.prepare(LOST).get(name);
    if (lost === undefined) return;
    throw damaged(
      `version ${lost.version} is live and has folded up to ${lost.position}, and its table is gone`,
    );
  }

  return {
    ...reader,
    async liveVersion(name) {
      const live = await reader.liveVersion(name);
      told(() => assertNotLost(name));
      return live;
    },
    async checkpoints(model) {
      const checkpoints = await reader.checkpoints(model);
      return checkpoints.map((checkpoint) => aPosition(model, checkpoint));
    },
    async census(model) {
      const census = await reader.census(model);
      aPosition(model, census.checkpoint);
      return census;
    },
    async close() {
      database?.close();
      await reader.close();
    },
  };
}

function aPosition({ version }: ReadModel, checkpoint: Position | undefined): Position | undefined {
  try {
    toRow(checkpoint);
    return checkpoint;
  } catch {
    throw damaged(`the checkpoint of version ${version}, ${JSON.stringify(checkpoint)}, is no position`);
  }
}

function damaged(what: string): EventSourcingError {
  return new EventSourcingError('store-damaged', `read-models.db is damaged: ${what}.`);
}

import type { DatabaseSync } from 'node:sqlite';
import { notPrepared, type ReadModel, readModelKey, stillLive } from '@openbank/eventsourcing';
import { hasTable } from './schema.ts';

type Version = Pick<ReadModel, 'name' | 'version'>;

/** Which versions of a read model there are, and which one is live. Of the writing side. */
export interface Versions {
  list(name: string): readonly number[];
  live(name: string): number | undefined;
  setLive(model: ReadModel): void;
  /** Inside a transaction. */
  drop(model: Version): void;
}

export const LIVE_VERSION = 'SELECT version FROM live_versions WHERE model = ?';

export function createVersions(database: DatabaseSync): Versions {
  const list = database.prepare(`
    SELECT version FROM checkpoints
    WHERE model = ? AND EXISTS (
      SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = model || '_v' || version
    )
    ORDER BY version
  `);
  const live = database.prepare(LIVE_VERSION);
  const setLive = database.prepare(`
    INSERT INTO live_versions (model, version) VALUES (?, ?)
    ON CONFLICT (model) DO UPDATE SET version = excluded.version
  `);
  // The row stays, for its epoch: the last owner of what is dropped has no say in a version that is made anew.
  const forget = database.prepare('UPDATE checkpoints SET position = NULL WHERE model = ? AND version = ?');

  const liveVersion = (name: string): number | undefined => {
    const row = live.get(name);
    return row && Number(row.version);
  };

  return {
    list: (name) => list.all(name).map(({ version }) => Number(version)),
    live: liveVersion,
    setLive(model) {
      if (!hasTable(database, readModelKey(model))) throw notPrepared(model);
      setLive.run(model.name, model.version);
    },
    drop(model) {
      if (liveVersion(model.name) === model.version) throw stillLive(model);
      if (!hasTable(database, readModelKey(model))) return;
      database.exec(`DROP TABLE "${readModelKey(model)}"`);
      forget.run(model.name, model.version);
    },
  };
}

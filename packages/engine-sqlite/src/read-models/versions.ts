import type { DatabaseSync } from 'node:sqlite';
import {
  type ModelVersion,
  notPrepared,
  type ReadModel,
  readModelKey,
  stillLive,
} from '@openbank/eventsourcing';
import { dropRemnant, forgetIds, hasTable, remnantOf } from './schema.ts';

/** Which versions of a read model there are, and which one is live. Of the writing side. */
export interface Versions {
  /** With those that are dropped in part. */
  list(name: string): readonly number[];
  live(name: string): number | undefined;
  setLive(model: ReadModel): void;
  /** Inside a transaction: from then on it is not there, except for its remnant. */
  drop(model: ModelVersion): void;
  /** Removes some rows of the remnant, and at last the remnant; answers whether there is more to remove. */
  removeSome(model: ModelVersion): boolean;
}

/** One whose table is lost is not live: it is filled again. */
export const LIVE_VERSION = `SELECT version FROM live_versions WHERE model = ? AND EXISTS (
  SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = model || '_v' || version)`;

/** Rows that are removed at once: some 10 ms. */
const SOME = 1_000;

export function createVersions(database: DatabaseSync): Versions {
  const list = database.prepare('SELECT version FROM checkpoints WHERE model = ? ORDER BY version');
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

  const isStored = (model: ModelVersion): boolean =>
    hasTable(database, readModelKey(model)) || hasTable(database, remnantOf(model));

  return {
    list(name) {
      const versions = list.all(name).map(({ version }) => Number(version));
      return versions.filter((version) => isStored({ name, version }));
    },
    live: liveVersion,
    setLive(model) {
      if (!hasTable(database, readModelKey(model))) throw notPrepared(model);
      setLive.run(model.name, model.version);
    },
    drop(model) {
      if (liveVersion(model.name) === model.version) throw stillLive(model);
      if (!hasTable(database, readModelKey(model))) return;
      dropRemnant(database, model);
      database.exec(`ALTER TABLE "${readModelKey(model)}" RENAME TO "${remnantOf(model)}"`);
      forgetIds(database, model);
      forget.run(model.name, model.version);
    },
    removeSome(model) {
      const table = remnantOf(model);
      if (!hasTable(database, table)) return false;
      const some = `SELECT rowid FROM "${table}" LIMIT ${SOME}`;
      const { changes } = database.prepare(`DELETE FROM "${table}" WHERE rowid IN (${some})`).run();
      if (Number(changes) === SOME) return true;
      dropRemnant(database, model);
      return false;
    },
  };
}

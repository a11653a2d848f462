import type { DatabaseSync } from 'node:sqlite';
import { type ReadModel, readModelKey } from '@openbank/eventsourcing';
import { count, prepare, rowOf, rowsOf, text } from '../sqlite/columns.ts';
import { createIdFilter } from './id-filter.ts';
import { newestRunOf, RUN_COLUMN } from './runs.ts';

/** The runs of a model as its only writer knows them. What it knows is over when a transaction is rolled back. */
export interface OpenRuns {
  /** Where new documents go. */
  newest(): number;
  /** The older ones that may hold a document, the newest first; nearly always none where it is new. */
  olderWith(id: string): readonly number[];
  /** A document has come to the newest run. In a transaction. */
  added(): void;
}

/** A filter of its ids for each run that is full: see `createIdFilter`. */
export const CREATE_ID_FILTERS = `
  CREATE TABLE IF NOT EXISTS id_filters (
    model TEXT NOT NULL,
    version INTEGER NOT NULL,
    run INTEGER NOT NULL,
    bits BLOB NOT NULL,
    PRIMARY KEY (model, version, run)
  ) STRICT;
`;

/** @param documents in a run; those that are stored may hold more or less */
export function openRuns(database: DatabaseSync, model: ReadModel, documents: number): OpenRuns {
  const table = `"${readModelKey(model)}"`;
  const { name, version } = model;
  const filter = createIdFilter(documents);
  const idsOf = prepare(database, `SELECT id FROM ${table} WHERE ${RUN_COLUMN} = ?`);
  const countOf = prepare(database, `SELECT count(*) FROM ${table} WHERE ${RUN_COLUMN} = ?`);
  const store = database.prepare('INSERT OR REPLACE INTO id_filters VALUES (?, ?, ?, ?)');
  const stored = prepare(database, 'SELECT bits FROM id_filters WHERE model = ? AND version = ? AND run = ?');

  function fill(run: number): void {
    for (const row of rowsOf(idsOf, run)) filter.add(run, text(Object(row)[0]));
    store.run(name, version, run, filter.bitsOf(run));
  }

  function remember(run: number): void {
    const bits = rowOf(stored, name, version, run)?.[0];
    if (!(bits instanceof Uint8Array && filter.restore(run, bits))) fill(run);
  }

  let newest = Number(rowOf(prepare(database, newestRunOf(model)))?.[0] ?? 0);
  let held = count(rowOf(countOf, newest)?.[0]);
  for (let run = 0; run < newest; run++) remember(run);

  function closeFull(): void {
    if (held < documents) return;
    fill(newest);
    newest++;
    held = 0;
  }
  closeFull();

  return {
    newest: () => newest,
    olderWith: filter.runsOf,
    added() {
      held++;
      closeFull();
    },
  };
}

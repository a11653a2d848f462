import type { DatabaseSync } from 'node:sqlite';
import { type ModelVersion, readModelKey } from '@openbank/eventsourcing';

/**
 * The ids of documents and what they are indexed by come in no order, and a tree that is written to all over costs a page
 * for each of them once it is larger than the cache. So a model that grows is kept in runs: its indexes begin with this
 * column, new documents go to the newest run, and the others rest. No field can have this name.
 */
export const RUN_COLUMN = '_run';

/** Documents in a run. Half as many write a third less and make every list look into twice as many runs (measured). */
export const RUN = 2 ** 18;

/** Whether the table is in runs. One that a program made which knew of none stays as it is. */
export function isInRuns(database: DatabaseSync, model: ModelVersion): boolean {
  const column = database.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?');
  return column.get(readModelKey(model), RUN_COLUMN) !== undefined;
}

/** The number of the newest run; null where there is no document. */
export function newestRunOf(model: ModelVersion): string {
  return `SELECT max(${RUN_COLUMN}) AS run FROM "${readModelKey(model)}"`;
}

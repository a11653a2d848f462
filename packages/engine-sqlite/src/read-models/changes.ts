import type { DatabaseSync } from 'node:sqlite';
import {
  checkDocument,
  type DocumentChange,
  displaced,
  type ReadModel,
  type StoredDocument,
} from '@openbank/eventsourcing';
import { type OpenRuns, openRuns } from './open-runs.ts';
import { prepareRows } from './rows.ts';
import { isInRuns } from './runs.ts';

/** The writing half of one model on one connection, its statements prepared once. */
export interface TableWriter {
  load(id: string): StoredDocument | undefined;
  /** Inside a transaction. Leaves a duplicate alone. */
  write(change: DocumentChange): void;
}

/**
 * Of a model in runs it remembers what the runs hold: it must be made anew when a transaction was rolled back, or the
 * model has been taken over.
 *
 * @param runDocuments how many there are in a run
 */
export function createTableWriter(
  database: DatabaseSync,
  model: ReadModel,
  runDocuments: number,
): TableWriter {
  return isInRuns(database, model)
    ? createRunWriter(database, model, runDocuments)
    : createPlainWriter(database, model);
}

function createPlainWriter(database: DatabaseSync, model: ReadModel): TableWriter {
  const rows = prepareRows(database, model, ['id']);
  return {
    load: (id) => rows.load([id]),
    write(change) {
      if (change.fields !== undefined) checkDocument(model, change.id, change.fields);
      const key = [change.id];
      const written = change.from === undefined ? rows.insert(key, change) : rows.update(key, change);
      if (!written) leaveDuplicate(model, change, rows.load(key));
    },
  };
}

/** A document is in one run for ever: where it was when it was new. */
function createRunWriter(database: DatabaseSync, model: ReadModel, runDocuments: number): TableWriter {
  const rows = prepareRows(database, model, ['_run', 'id']);
  let opened: OpenRuns | undefined;
  const runs = (): OpenRuns => {
    opened ??= openRuns(database, model, runDocuments);
    return opened;
  };

  function loadFrom(places: readonly number[], id: string): StoredDocument | undefined {
    for (const run of places) {
      const stored = rows.load([run, id]);
      if (stored !== undefined) return stored;
    }
    return undefined;
  }

  const load = (id: string) => loadFrom([runs().newest(), ...runs().olderWith(id)], id);

  function inserted(change: DocumentChange): boolean {
    if (loadFrom(runs().olderWith(change.id), change.id) !== undefined) return false;
    if (!rows.insert([runs().newest(), change.id], change)) return false;
    runs().added();
    return true;
  }

  function updated(change: DocumentChange): boolean {
    const places = [runs().newest(), ...runs().olderWith(change.id)];
    return places.some((run) => rows.update([run, change.id], change));
  }

  return {
    load,
    write(change) {
      if (change.fields !== undefined) checkDocument(model, change.id, change.fields);
      const written = change.from === undefined ? inserted(change) : updated(change);
      if (!written) leaveDuplicate(model, change, load(change.id));
    },
  };
}

/** What was not written has been seen before, or was folded from another document than is stored. */
function leaveDuplicate(model: ReadModel, change: DocumentChange, stored: StoredDocument | undefined): void {
  if (stored === undefined || stored.revision < change.revision) throw displaced(model);
}

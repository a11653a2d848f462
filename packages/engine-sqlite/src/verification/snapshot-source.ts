import type { Snapshot, SnapshotKey, SnapshotSource } from '@openbank/eventsourcing';
import { createSnapshotReader } from '../snapshots/snapshot-table.ts';
import { openForReading, SNAPSHOTS_FILE } from '../snapshots/snapshots-file.ts';
import { allRowsOf, count, prepare, text } from '../sqlite/columns.ts';
import { toStoreError } from '../sqlite/sqlite-error.ts';

export interface SqliteSnapshotSource extends SnapshotSource {
  close(): void;
}

const KEYS = `SELECT stream, version, revision FROM snapshots WHERE (stream, version, revision) > (?, ?, ?)
  ORDER BY stream, version, revision LIMIT 20000`;

/**
 * The snapshots of a directory to be verified; undefined where there are none that this version can read.
 *
 * @throws EventSourcingError `store-damaged`, `store-unavailable`
 */
export function openSqliteSnapshotSource(directory: string): SqliteSnapshotSource | undefined {
  return told(() => {
    const database = openForReading(directory);
    if (database === undefined) return undefined;
    const keysAfter = prepare(database, KEYS);
    const reader = createSnapshotReader(database);

    function* keys(): Generator<SnapshotKey> {
      for (let last: SnapshotKey = { stream: '', version: '', revision: -1 }; ; ) {
        const { stream, version, revision } = last;
        const page = told(() => allRowsOf(keysAfter, stream, version, revision).map(keyIn));
        const end = page.at(-1);
        if (end === undefined) return;
        yield* page;
        last = end;
      }
    }

    return {
      keys,
      at: ({ stream, version, revision }): Snapshot | undefined =>
        told(() => reader.at(stream, version, revision)),
      close: () => database.close(),
    };
  });
}

function keyIn([stream, version, revision]: readonly unknown[]): SnapshotKey {
  return { stream: text(stream), version: text(version), revision: count(revision) };
}

function told<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error, SNAPSHOTS_FILE);
  }
}

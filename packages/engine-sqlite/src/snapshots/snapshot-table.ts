import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { Snapshot, SnapshotName } from '@openbank/eventsourcing';
import { type Columns, count, prepare, rowOf, text } from '../sqlite/columns.ts';

/** In the order that `snapshotIn` reads. */
const COLUMNS = 'stream, version, revision, link, recorded_at, position, state, checksum';

const NEWEST = `SELECT ${COLUMNS} FROM snapshots WHERE stream = ? AND version = ? ORDER BY revision DESC LIMIT 1`;
const AT = `SELECT ${COLUMNS} FROM snapshots WHERE stream = ? AND version = ? AND revision = ?`;
const SAVE = `INSERT OR REPLACE INTO snapshots (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const PRUNE = `DELETE FROM snapshots WHERE stream = :stream AND rowid NOT IN (
  SELECT rowid FROM snapshots WHERE stream = :stream ORDER BY version = :version DESC, revision DESC LIMIT :keep)`;
const FORGET = 'DELETE FROM snapshots WHERE stream = ? AND version = ? AND revision = ?';
const REACH = `INSERT INTO reached VALUES (1, :position, :crc)
  ON CONFLICT DO UPDATE SET position = :position, crc = :crc WHERE :position > position`;

export interface SnapshotReader {
  newest(stream: string, version: string): Snapshot | undefined;
  at(stream: string, version: string, revision: number): Snapshot | undefined;
}

export function createSnapshotReader(database: DatabaseSync): SnapshotReader {
  const newest = prepare(database, NEWEST);
  const at = prepare(database, AT);
  const snapshotOf = (row: Columns | undefined) => (row === undefined ? undefined : snapshotIn(row));
  return {
    newest: (stream, version) => snapshotOf(rowOf(newest, stream, version)),
    at: (stream, version, revision) => snapshotOf(rowOf(at, stream, version, revision)),
  };
}

export interface SnapshotWriter {
  /** Keeps all of them, or none. */
  save(snapshots: readonly Snapshot[]): void;
  forget(snapshot: SnapshotName): void;
}

/** @param keep - how many of each stream */
export function createSnapshotWriter(database: DatabaseSync, keep: number): SnapshotWriter {
  const insert = database.prepare(SAVE);
  const prune = database.prepare(PRUNE);
  const reach = database.prepare(REACH);
  const forget = database.prepare(FORGET);

  function saveOne({
    stream,
    version,
    revision,
    link,
    recordedAt,
    position,
    state,
    checksum,
  }: Snapshot): void {
    insert.run(stream, version, revision, link, recordedAt, position, state, checksum);
    prune.run({ stream, version, keep });
    reach.run({ position, crc: crc32(position) });
  }

  return {
    save(snapshots) {
      database.exec('BEGIN IMMEDIATE');
      try {
        snapshots.forEach(saveOne);
        database.exec('COMMIT');
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    forget({ stream, version, revision }) {
      forget.run(stream, version, revision);
    },
  };
}

function snapshotIn(columns: readonly unknown[]): Snapshot {
  const [stream, version, revision, link, recordedAt, position, state, checksum] = columns;
  return {
    stream: text(stream),
    version: text(version),
    revision: count(revision),
    link: text(link),
    recordedAt: count(recordedAt),
    position: text(position),
    state: text(state),
    checksum: text(checksum),
  };
}

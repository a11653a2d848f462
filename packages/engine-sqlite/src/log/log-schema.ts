import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { prepare } from '../sqlite/columns.ts';

export const LOG_FILE = 'log.db';

/** Raised when the table changes: a log of another version is refused, never guessed at. */
export const LOG_VERSION = 1;

// Append-only, and without any index but the position: random index pages are what a durable commit costs.
export const CREATE_LOG = `
  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    claims TEXT,
    commit_last INTEGER NOT NULL,
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL,
    link TEXT NOT NULL,
    crc INTEGER NOT NULL
  ) STRICT;
  PRAGMA user_version = ${LOG_VERSION};
`;

/** A log that holds commits of another one: booking times rise along each stream, not along the whole log. */
export const MARK_IMPORTED = 'CREATE TABLE IF NOT EXISTS imported (only_a_mark INTEGER) STRICT';
export const IS_IMPORTED = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'imported'";

/** In the order that `toLogRow` reads. */
const COLUMNS = `e.position, e.stream, e.revision, e.claims, e.commit_last, e.type, e.id, e.schema_version,
  e.recorded_at, e.data, e.metadata, e.link, e.crc`;

/** What `rowOfText` reads: the text that the CRC is over. One column costs far less to hand over than twelve. */
const ROW_TEXT = `e.position, concat_ws(char(10), e.position, e.stream, e.revision, ifnull(e.claims, 'null'),
  e.commit_last, e.type, e.id, e.schema_version, e.recorded_at, e.data, e.metadata, e.link), e.crc`;

const INSERT = 'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
const ROW_AT = `SELECT ${COLUMNS} FROM events e WHERE e.position = ?`;
const LAST_ROW = `SELECT ${COLUMNS} FROM events e ORDER BY e.position DESC LIMIT 1`;
const ROWS_AFTER = `SELECT ${COLUMNS} FROM events e WHERE e.position > ? AND e.position <= ? ORDER BY e.position`;
// The columns that the index is made from come first in the table, so that the others are not even unpacked.
const KEYS_AFTER = `SELECT position, stream, revision, claims, commit_last FROM events
  WHERE position > ? AND position <= ? ORDER BY position LIMIT ?`;
// CROSS JOIN keeps the order of the tables: one descent into each run of the index, then one into the log for each event.
// Later runs hold later revisions.
const STREAM = `FROM streams s CROSS JOIN runs r CROSS JOIN entries i ON i.run = r.run AND i.stream = s.id
  CROSS JOIN events e ON e.position = i.position WHERE s.name = ? AND i.revision >= ? AND i.revision <= ?`;
const STREAM_FORWARDS = `SELECT ${ROW_TEXT} ${STREAM} ORDER BY r.run, i.revision`;
const STREAM_BACKWARDS = `SELECT ${ROW_TEXT} ${STREAM} ORDER BY r.run DESC, i.revision DESC`;

export interface LogStatements {
  /** By position. */
  readonly rowAt: StatementSync;
  readonly lastRow: StatementSync;
  /** After a position, up to another one, both as numbers. */
  readonly rowsAfter: StatementSync;
  /** As `rowsAfter`, at most so many, and only what the index is made from. */
  readonly keysAfter: StatementSync;
}

export interface StreamStatements {
  /** A stream's name, its first and its last revision. Needs the index attached. */
  readonly forwards: StatementSync;
  readonly backwards: StatementSync;
}

export function prepareLog(database: DatabaseSync): LogStatements {
  return {
    rowAt: prepare(database, ROW_AT),
    lastRow: prepare(database, LAST_ROW),
    rowsAfter: prepare(database, ROWS_AFTER),
    keysAfter: prepare(database, KEYS_AFTER),
  };
}

export function prepareStreams(database: DatabaseSync): StreamStatements {
  return { forwards: prepare(database, STREAM_FORWARDS), backwards: prepare(database, STREAM_BACKWARDS) };
}

export function prepareInsert(database: DatabaseSync): StatementSync {
  return database.prepare(INSERT);
}

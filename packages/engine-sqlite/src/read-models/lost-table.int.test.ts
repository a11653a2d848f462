import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  createMemoryEventStore,
  createProgress,
  type Projection,
  runProjections,
  waitUntil,
} from '@openbank/eventsourcing';
import { appendTo, commitOf } from '@openbank/eventsourcing/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteReadModelReader, type SqliteReadModelReader } from './sqlite-read-model-reader.ts';
import { openSqliteReadModelStore } from './sqlite-read-model-store.ts';

const HAPPENINGS: Projection = {
  name: 'happenings',
  version: 1,
  fields: { stream: 'text' },
  indexes: [['stream']],
  streamPrefix: 'thing-',
  eventTypes: ['SomethingHappened'],
  creates: ['SomethingHappened'],
  documentIds: ({ stream, revision }) => [`${stream}@${revision}`],
  evolve: (_, { stream }) => ({ stream }),
};

let directory: string;
const log = createMemoryEventStore();
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'openbank-lost-table-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A run of the projections up to the head of the log. */
async function project(): Promise<void> {
  const store = openSqliteReadModelStore({ directory });
  const ending = new AbortController();
  const progress = createProgress();
  const running = runProjections({
    reader: log,
    store,
    projections: [HAPPENINGS],
    signal: ending.signal,
    onNews: progress.tell,
  });
  await waitUntil(progress, [HAPPENINGS], (await log.head()) ?? '', 5_000);
  ending.abort();
  await running;
  await store.close();
}

function spoil(...statements: readonly string[]): void {
  const database = new DatabaseSync(join(directory, 'read-models.db'));
  database.enableDefensive(false);
  for (const sql of statements) database.exec(sql);
  database.close();
}

async function read<Result>(work: (reader: SqliteReadModelReader) => Promise<Result>): Promise<Result> {
  const reader = openSqliteReadModelReader({ directory });
  try {
    return await work(reader);
  } finally {
    await reader.close();
  }
}

test('a table that is lost is not live, and is filled again from the start of the log', async () => {
  await log.append(commitOf(appendTo('thing-a', 'no-stream', 3)));
  await project();
  spoil('DROP TABLE happenings_v1');
  expect(await read((reader) => reader.liveVersion('happenings'))).toBeUndefined();

  const store = openSqliteReadModelStore({ directory });
  expect(await store.liveVersion('happenings')).toBeUndefined();
  await store.prepare(HAPPENINGS);
  expect(await store.checkpoints(HAPPENINGS)).toEqual([undefined]);
  expect(await store.liveVersion('happenings')).toBeUndefined();
  await store.close();

  await project();
  await read(async (reader) => {
    expect(await reader.liveVersion('happenings')).toBe(1);
    expect(await reader.census(HAPPENINGS)).toEqual({ documents: 3, checkpoint: await log.head() });
  });
});

test('a document that is missing from an index is a fault', async () => {
  await project();
  expect(await read((reader) => reader.faults(HAPPENINGS))).toEqual([]);
  // For as long as it takes to write a row, the index is another one's.
  spoil(
    'PRAGMA writable_schema = ON',
    `UPDATE sqlite_schema SET sql = replace(sql, 'deleted = 0', 'deleted = 9') WHERE type = 'index' AND sql IS NOT NULL`,
  );
  spoil("INSERT INTO happenings_v1 VALUES ('d', 0, 0, 'thing-d')");
  spoil(
    'PRAGMA writable_schema = ON',
    `UPDATE sqlite_schema SET sql = replace(sql, 'deleted = 9', 'deleted = 0') WHERE type = 'index' AND sql IS NOT NULL`,
  );
  expect(await read((reader) => reader.faults(HAPPENINGS))).toContainEqual(
    expect.stringMatching(/missing from index happenings_v1_by_stream/),
  );
});

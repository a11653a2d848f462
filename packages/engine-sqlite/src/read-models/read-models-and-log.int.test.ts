import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createMemoryEventStore,
  createProgress,
  type Document,
  type Projection,
  runProjections,
  waitUntil,
} from '@openbank/eventsourcing';
import { appendTo, commitOf, newEvents } from '@openbank/eventsourcing/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteReadModelReader } from './sqlite-read-model-reader.ts';
import { openSqliteReadModelStore } from './sqlite-read-model-store.ts';

/** How much has come to each stream: fed by all of its events. */
const AMOUNTS: Projection = {
  name: 'amounts',
  version: 1,
  fields: { stream: 'text', events: 'integer' },
  indexes: [['events']],
  streamPrefix: 'thing-',
  eventTypes: ['SomethingHappened'],
  creates: ['SomethingHappened'],
  documentIds: ({ aggregateId }) => [aggregateId],
  evolve: (fields, { stream }) => ({
    stream,
    events: (typeof fields?.events === 'bigint' ? fields.events : 0n) + 1n,
  }),
};

const NEWER_AMOUNTS: Projection = {
  ...AMOUNTS,
  version: 2,
  fields: { ...AMOUNTS.fields, last: 'text' },
  evolve: (fields, event, id) => ({ ...AMOUNTS.evolve(fields, event, id), last: event.id }),
  previous: { projection: AMOUNTS, upgraded: (fields) => ({ ...fields, last: null }) },
};

/** A document for each event. */
const HAPPENINGS: Projection = {
  ...AMOUNTS,
  name: 'happenings',
  fields: { about: 'json' },
  indexes: [],
  documentIds: ({ stream, revision }) => [`${stream}@${revision}`],
  evolve: (_, { event }) => ({ about: JSON.parse(JSON.stringify(event.data)) }),
};

let directory: string;
let log = createMemoryEventStore();
let revisions: Map<string, number>;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'openbank-read-models-and-log-'));
  log = createMemoryEventStore();
  revisions = new Map();
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Three hundred events over thirty streams. */
async function record(): Promise<void> {
  for (let number = 0; number < 100; number++) {
    const stream = `thing-${number % 30}`;
    const revision = revisions.get(stream);
    await log.append(commitOf(appendTo(stream, revision ?? 'no-stream', newEvents(3))));
    revisions.set(stream, (revision ?? -1) + 3);
  }
}

/** Starts the projections, lets them come to the end of the log, and stops them. */
async function bringUp(...projections: readonly Projection[]): Promise<void> {
  const store = openSqliteReadModelStore({ directory });
  const progress = createProgress();
  const ending = new AbortController();
  const { signal } = ending;
  const running = runProjections({ reader: log, store, projections, signal, onNews: progress.tell });
  await waitUntil(progress, projections, (await log.head()) ?? '', 20_000);
  ending.abort();
  await running;
  await store.close();
}

/** Every document of the live version of a model. */
async function documentsOf(projection: Projection): Promise<readonly Document[]> {
  const reader = openSqliteReadModelReader({ directory });
  expect(await reader.liveVersion(projection.name)).toBe(projection.version);
  const { documents } = await reader.find(projection, { limit: 10_000 });
  expect(await reader.census(projection)).toEqual({
    documents: documents.length,
    checkpoint: await log.head(),
  });
  await reader.close();
  return documents;
}

function deleteFiles(): void {
  for (const name of ['', '-wal', '-shm']) rmSync(join(directory, `read-models.db${name}`), { force: true });
}

test('a file that is deleted is made again from the log, the same in every document', async () => {
  await record();
  await bringUp(AMOUNTS, HAPPENINGS);
  await record();
  await bringUp(NEWER_AMOUNTS, HAPPENINGS);
  const before = [await documentsOf(NEWER_AMOUNTS), await documentsOf(HAPPENINGS)];
  expect(before.map((documents) => documents.length)).toEqual([30, 600]);
  deleteFiles();
  await bringUp(NEWER_AMOUNTS, HAPPENINGS);
  expect([await documentsOf(NEWER_AMOUNTS), await documentsOf(HAPPENINGS)]).toEqual(before);
});

test.each([
  ['', [AMOUNTS, HAPPENINGS]],
  [', its live version being replaced by a newer one', [NEWER_AMOUNTS, HAPPENINGS]],
] as const)('a file older than the log is brought up%s', async (_, now) => {
  await record();
  await bringUp(AMOUNTS, HAPPENINGS);
  const older = join(directory, 'older.db');
  cpSync(join(directory, 'read-models.db'), older);
  await record();
  await bringUp(...now);
  const before = await Promise.all(now.map(documentsOf));
  deleteFiles();
  cpSync(older, join(directory, 'read-models.db'));
  await bringUp(...now);
  expect(await Promise.all(now.map(documentsOf))).toEqual(before);
});

test('a file in which a version beside the live one is older than the log is brought up in both', async () => {
  await record();
  await bringUp(AMOUNTS);
  // As a process leaves it that ends while the newer version is being filled.
  const store = openSqliteReadModelStore({ directory });
  await store.prepare(NEWER_AMOUNTS);
  await store.close();
  await record();
  await bringUp(NEWER_AMOUNTS);
  const documents = await documentsOf(NEWER_AMOUNTS);
  expect(documents.map(({ fields }) => fields.events)).toHaveLength(30);
  deleteFiles();
  await bringUp(NEWER_AMOUNTS);
  expect(await documentsOf(NEWER_AMOUNTS)).toEqual(documents);
});

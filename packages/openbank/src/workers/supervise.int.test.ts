import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { projections as models } from '@openbank/bank';
import {
  openSqliteEventStore,
  openSqliteReadModelStore,
  type SqliteEventStore,
} from '@openbank/engine-sqlite';
import { createProgress, type Progress, readModelKey, type VersionState } from '@openbank/eventsourcing';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Projections, superviseProjections } from './supervise.ts';

const FILES = { engine: 'sqlite', text: 'sqlite' } as const;

let directory: string;
let store: SqliteEventStore;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'openbank-projections-'));
  store = await openSqliteEventStore({ directory });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

/** Of the newest version of a read model. */
function stateOf(progress: Progress, name = 'accounts'): VersionState | undefined {
  return progress.all().find((state) => state.name === name);
}

function supervise(progress: Progress, logged: string[] = []): Projections {
  return superviseProjections({
    stores: { directory, eventStore: FILES, readStore: FILES, sharedHead: store.sharedHead },
    projections: models,
    progress,
    log: pino({}, { write: (line: string) => void logged.push(line) }),
    restartDelays: [50, 100],
  });
}

it('starts the thread of the projections again when it dies, and says that they stand still meanwhile', async () => {
  const readModels = join(directory, 'read-models.db');
  mkdirSync(readModels);
  const progress = createProgress();
  const logged: string[] = [];
  const projections = supervise(progress, logged);
  await expect.poll(() => stateOf(progress)?.stopped, { timeout: 20_000 }).toBeDefined();
  rmdirSync(readModels);
  const commit = {
    streams: [{ stream: 'foreign-1', expected: 'no-stream', events: [foreignEvent] }],
    claims: [],
  } as const;
  const { position } = await store.append(commit);
  await expect
    .poll(() => stateOf(progress), { timeout: 20_000 })
    .toMatchObject({ position, live: true, stopped: undefined });
  await projections.close();
  expect(logged.join('')).toContain('has died');
});

it('says that they run as soon as a new thread does, also before the first event', async () => {
  const readModels = join(directory, 'read-models.db');
  mkdirSync(readModels);
  const progress = createProgress();
  const projections = supervise(progress);
  await expect.poll(() => stateOf(progress, 'persons')?.stopped, { timeout: 20_000 }).toBeDefined();
  rmdirSync(readModels);
  for (const { name } of models) {
    await expect
      .poll(() => stateOf(progress, name), { timeout: 20_000 })
      .toMatchObject({ stopped: undefined });
  }
  await projections.close();
});

it('fills its own version where one of a newer program is live, and drops that', async () => {
  const [model] = models;
  if (model === undefined) throw new Error('there is no read model');
  const newer = { ...model, version: model.version + 1 };
  const readModels = openSqliteReadModelStore({ directory });
  await readModels.prepare(newer);
  await readModels.setLive(newer);
  await store.append({
    streams: [{ stream: 'foreign-1', expected: 'no-stream', events: [foreignEvent] }],
    claims: [],
  });
  const progress = createProgress();
  const projections = supervise(progress);
  await expect
    .poll(() => progress.live(model.name), { timeout: 20_000 })
    .toMatchObject({ version: model.version, position: await store.head() });
  await expect.poll(() => readModels.versions(model.name), { timeout: 20_000 }).toEqual([model.version]);
  expect(await readModels.liveVersion(model.name)).toBe(model.version);
  await projections.close();
  await readModels.close();
});

it('leaves alone what has stopped for good, with its reason, and closes all the same', async () => {
  const database = new DatabaseSync(join(directory, 'read-models.db'));
  for (const model of models) database.exec(`CREATE TABLE ${readModelKey(model)} (id TEXT)`);
  database.close();
  const progress = createProgress();
  const logged: string[] = [];
  const projections = supervise(progress, logged);
  const refused = { code: 'read-model-refused', message: expect.stringContaining('raise its version') };
  for (const { name } of models) {
    await expect.poll(() => stateOf(progress, name)?.stopped, { timeout: 20_000 }).toMatchObject(refused);
  }
  await expect.poll(() => logged.join(''), { timeout: 20_000 }).toContain('all projections have stopped');
  await sleep(500);
  for (const { name } of models) expect(stateOf(progress, name)?.stopped).toMatchObject(refused);
  expect(logged.join('')).not.toContain('has died');
  await projections.close();
});

const foreignEvent = {
  id: '0199f1c6-4b7d-7c3a-9f0e-2d5b8a6c4e10',
  type: 'Foreign',
  schemaVersion: 1,
  recordedAt: 1,
  data: '{}',
  metadata: {},
  link: '0'.repeat(64),
};

import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventStore, type SqliteEventStore } from '@openbank/engine-sqlite';
import { createProgress } from '@openbank/eventsourcing';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { superviseProjections } from './supervise.ts';

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

it('starts the thread of the projections again when it dies, and says that they stand still meanwhile', async () => {
  const readModels = join(directory, 'read-models.db');
  mkdirSync(readModels);
  const progress = createProgress();
  const logged: string[] = [];
  const projections = superviseProjections({
    directory,
    sharedHead: store.sharedHead,
    names: ['accounts'],
    progress,
    log: pino({}, { write: (line: string) => void logged.push(line) }),
    restartDelays: [50, 100],
  });
  await expect.poll(() => progress.of('accounts').stopped, { timeout: 20_000 }).toBeDefined();
  rmdirSync(readModels);
  const commit = {
    streams: [{ stream: 'foreign-1', expected: 'no-stream', events: [foreignEvent] }],
    claims: [],
  } as const;
  const { position } = await store.append(commit);
  await expect
    .poll(() => progress.of('accounts'), { timeout: 20_000 })
    .toEqual({ position, stopped: undefined });
  await projections.close();
  expect(logged.join('')).toContain('is started again');
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

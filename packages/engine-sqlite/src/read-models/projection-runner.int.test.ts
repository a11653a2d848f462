import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectionRunnerSuite } from '@openbank/eventsourcing/testing';
import { openSqliteReadModelStore } from './sqlite-read-model-store.ts';

let directory: string;

projectionRunnerSuite('on a SQLite file', {
  async open() {
    directory = await mkdtemp(join(tmpdir(), 'openbank-projections-'));
    return openSqliteReadModelStore({ directory });
  },
  reopen: async () => openSqliteReadModelStore({ directory }),
  cleanUp: () => rm(directory, { recursive: true }),
});

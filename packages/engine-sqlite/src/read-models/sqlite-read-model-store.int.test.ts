import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelStoreContract } from '@openbank/eventsourcing/testing';
import { openSqliteReadModelStore } from './sqlite-read-model-store.ts';

let directory: string;

readModelStoreContract('in a SQLite file', {
  async open() {
    directory = await mkdtemp(join(tmpdir(), 'openbank-read-models-'));
    return openSqliteReadModelStore({ directory });
  },
  reopen: async () => openSqliteReadModelStore({ directory }),
  cleanUp: () => rm(directory, { recursive: true }),
});

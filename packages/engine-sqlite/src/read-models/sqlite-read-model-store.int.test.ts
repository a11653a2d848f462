import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelStoreContract } from '@openbank/eventsourcing/testing';
import { growing } from '../testing/growing.ts';
import { openSqliteReadModelStore } from './sqlite-read-model-store.ts';

let directory: string;

async function newDirectory(): Promise<string> {
  directory = await mkdtemp(join(tmpdir(), 'openbank-read-models-'));
  return directory;
}

readModelStoreContract('in a SQLite file', {
  open: async () => openSqliteReadModelStore({ directory: await newDirectory() }),
  reopen: async () => openSqliteReadModelStore({ directory }),
  cleanUp: () => rm(directory, { recursive: true }),
});

readModelStoreContract('in a SQLite file, in runs of three documents', {
  open: async () => growing(openSqliteReadModelStore({ directory: await newDirectory(), runDocuments: 3 })),
  reopen: async () => growing(openSqliteReadModelStore({ directory, runDocuments: 3 })),
  cleanUp: () => rm(directory, { recursive: true }),
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectionHistories } from '@openbank/eventsourcing/testing';
import { openSqliteReadModelStore } from './sqlite-read-model-store.ts';

let directory: string;

const source = {
  async open() {
    directory = await mkdtemp(join(tmpdir(), 'openbank-histories-'));
    return openSqliteReadModelStore({ directory });
  },
  cleanUp: () => rm(directory, { recursive: true }),
};

projectionHistories('on a SQLite file', source, 100);

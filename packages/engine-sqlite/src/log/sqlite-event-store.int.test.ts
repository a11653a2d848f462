import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreContract } from '@openbank/eventsourcing/testing';
import { openSqliteEventStore } from './sqlite-event-store.ts';

eventStoreContract({
  name: 'the SQLite engine',
  open: async () => {
    const directory = mkdtempSync(join(tmpdir(), 'openbank-log-'));
    let store = await openSqliteEventStore({ directory });
    return {
      store,
      reopen: async () => {
        store = await openSqliteEventStore({ directory });
        return store;
      },
      async close() {
        await store.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});

import { randomUUID } from 'node:crypto';
import { type SnapshotStoreSource, snapshotOf, snapshotStoreContract } from '@openbank/eventsourcing/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type KurrentConnection } from '../connection/connect.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import {
  createKurrentSnapshotStore,
  type KurrentSnapshotStoreOptions,
} from './kurrent-snapshot-store.ts';

let server: TestServer;
let connection: KurrentConnection;

beforeAll(async () => {
  server = await startTestServer();
  connection = await connect(server.connectionString);
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

const emptyStore = (options: KurrentSnapshotStoreOptions = {}) => {
  const prefix = `snapshot-${randomUUID()}-`;
  return { prefix, store: createKurrentSnapshotStore(connection, { prefix, ...options }) };
};

function source(): SnapshotStoreSource {
  let again: KurrentSnapshotStoreOptions = {};
  return {
    async open(keep) {
      const { prefix, store } = emptyStore({ keep });
      again = { prefix, keep };
      return store;
    },
    reopen: async () => createKurrentSnapshotStore(connection, again),
  };
}

snapshotStoreContract('KurrentDB', source());

describe('snapshots on KurrentDB', () => {
  const saved = async (store: ReturnType<typeof emptyStore>['store'], revisions: readonly number[]) => {
    for (const revision of revisions) await store.save(snapshotOf({ revision }));
  };

  test('the server shows the last few of a stream only, also after one that was made by a process that died before it had said so', async () => {
    const { prefix, store } = emptyStore({ keep: 3 });
    await connection.client.appendToStream(`${prefix}shelf-a`, []);
    await saved(store, [1, 2, 3, 4, 5]);
    expect((await connection.client.getStreamMetadata(`${prefix}shelf-a`)).metadata).toEqual({ maxCount: 3 });
  });
});

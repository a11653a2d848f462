import { randomUUID } from 'node:crypto';
import { jsonEvent } from '@kurrent/kurrentdb-client';
import { isIntact } from '@openbank/eventsourcing';
import { type SnapshotStoreSource, snapshotOf, snapshotStoreContract } from '@openbank/eventsourcing/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connect, type KurrentConnection } from '../connection/connect.ts';
import { startKurrentDouble } from '../testing/index.ts';
import { startTcpProxy } from '../testing/tcp-proxy.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { createKurrentSnapshotStore, type KurrentSnapshotStoreOptions } from './kurrent-snapshot-store.ts';

const WAIT = { timeout: 15_000 };

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
  test('are readable there, and the server shows the last few of a stream only', async () => {
    const { prefix, store } = emptyStore({ keep: 3 });
    for (const revision of [1, 2, 3, 4, 5]) await store.save(snapshotOf({ revision }));
    const shown = [];
    for await (const { event } of connection.client.readStream(`${prefix}shelf-a`)) shown.push(event);
    expect(shown.map((event) => event?.metadata)).toMatchObject([3, 4, 5].map((revision) => ({ revision })));
    expect(shown[0]).toMatchObject({ type: 'SnapshotKept', isJson: true, data: { boxes: 7 } });
  });

  test('stay few where a process has died before it had said how many', async () => {
    const { prefix, store } = emptyStore({ keep: 3 });
    await connection.client.appendToStream(`${prefix}shelf-a`, jsonEvent({ type: 'Other', data: {} }));
    for (let revision = 0; revision < 3; revision++) await store.save(snapshotOf({ revision }));
    const { metadata } = await connection.client.getStreamMetadata(`${prefix}shelf-a`);
    expect(metadata).toEqual({ maxCount: 3 });
  });

  test('that are large are found beyond others of other versions', async () => {
    const { store } = emptyStore();
    const state = JSON.stringify({ text: 'x'.repeat(100_000) });
    await store.save(snapshotOf({ revision: 1 }));
    for (const revision of [2, 3, 4]) await store.save(snapshotOf({ version: '2-abc', revision, state }));
    expect((await store.load('shelf-a', '1-abc'))?.revision).toBe(1);
    expect((await store.load('shelf-a', '2-abc'))?.revision).toBe(4);
  });

  test('leave out what somebody else has written', async () => {
    const { prefix, store } = emptyStore();
    await store.save(snapshotOf({ revision: 1 }));
    for (const type of ['Other', 'SnapshotKept', 'SnapshotForgotten']) {
      await connection.client.appendToStream(`${prefix}shelf-a`, jsonEvent({ type, data: 'nothing' }));
    }
    expect((await store.load('shelf-a', '1-abc'))?.revision).toBe(1);
  });

  test('are kept again after somebody has deleted the stream', async () => {
    const { prefix, store } = emptyStore();
    await store.save(snapshotOf({ revision: 1 }));
    await connection.client.deleteStream(`${prefix}shelf-a`);
    await store.forget(snapshotOf({ revision: 1 }));
    expect(await store.load('shelf-a', '1-abc')).toBeUndefined();
    await store.save(snapshotOf({ revision: 2 }));
    expect((await store.load('shelf-a', '1-abc'))?.revision).toBe(2);
  });

  test('that are edited come as they are now, for their reader to find', async () => {
    const { prefix, store } = emptyStore();
    const { state: _, ...metadata } = snapshotOf();
    const edited = jsonEvent({ type: 'SnapshotKept', data: { boxes: 8 }, metadata });
    await connection.client.appendToStream(`${prefix}shelf-a`, edited);
    const loaded = await store.load('shelf-a', '1-abc');
    expect(loaded?.state).toBe('{"boxes":8}');
    expect(loaded && isIntact(loaded)).toBe(false);
  });

  test('that are too large are refused, and hurt no append beside them', async () => {
    const { prefix, store } = emptyStore();
    const tooLarge = snapshotOf({ state: JSON.stringify('x'.repeat(17_000_000)) });
    const beside = connection.client.appendToStream(
      `${prefix}beside`,
      jsonEvent({ type: 'Stacked', data: {} }),
    );
    await expect(store.save(tooLarge)).rejects.toMatchObject({ code: 'commit-refused' });
    expect(await beside).toMatchObject({ success: true });
  });

  test('are not read through the reader of the client, which stalls on small reads', async () => {
    const { store } = emptyStore();
    await store.save(snapshotOf());
    const [reader, native] = [
      vi.spyOn(connection.client, 'readStream'),
      vi.spyOn(connection.client.rustClient, 'readStream'),
    ];
    expect(await store.load('shelf-a', '1-abc')).toBeDefined();
    expect([reader.mock.calls, native.mock.calls]).toEqual([[], []]);
    vi.restoreAllMocks();
  });

  test('are in no streams that the log would show', () => {
    expect(() => createKurrentSnapshotStore(connection, { prefix: 'state-' })).toThrow(RangeError);
  });

  test('on a server that hangs make a load slower, not stuck', async () => {
    const proxy = await startTcpProxy(server.connectionString);
    const own = await connect(proxy.connectionString);
    const store = createKurrentSnapshotStore(own, { loadTimeout: 200, saveTimeout: 300 });
    const unavailable = expect.objectContaining({ code: 'store-unavailable' });
    proxy.hold();
    const began = performance.now();
    await expect(store.load('shelf-a', '1-abc')).rejects.toEqual(unavailable);
    await expect(store.save(snapshotOf({ stream: `shelf-${randomUUID()}` }))).rejects.toEqual(unavailable);
    expect(performance.now() - began).toBeLessThan(5_000);
    proxy.release();
    await store.close();
    await own.close();
    await proxy.stop();
  });

  test('on a server that is away are an error at once, and work again when it is back', async () => {
    const double = await startKurrentDouble();
    const own = await connect(double.connectionString);
    const store = createKurrentSnapshotStore(own);
    await store.save(snapshotOf());
    await double.goDown();
    const unavailable = expect.objectContaining({ code: 'store-unavailable' });
    await expect(store.load('shelf-a', '1-abc')).rejects.toEqual(unavailable);
    await expect(store.save(snapshotOf({ revision: 199 }))).rejects.toEqual(unavailable);
    await double.comeBack();
    await expect.poll(() => store.load('shelf-a', '1-abc').catch(String), WAIT).toEqual(snapshotOf());
    await expect.poll(() => store.save(snapshotOf({ revision: 299 })).catch(String), WAIT).toBeUndefined();
    expect((await store.load('shelf-a', '1-abc'))?.revision).toBe(299);
    await store.close();
    await own.close();
    await double.stop();
  });
});

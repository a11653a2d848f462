import type { KeyStore } from '@openbank/eventsourcing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from '../testing/index.ts';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoKeyStore } from './mongo-key-store.ts';

const ONE = Buffer.from('the first');
const TWO = Buffer.from('the second');

let database: TestDatabase;
let store: KeyStore;

beforeEach(async () => {
  database = await startTestDatabase();
  store = openMongoKeyStore(database.connection);
});
afterEach(() => database.stop());

describe.runIf(process.env.OPENBANK_TEST_MONGODB === undefined)('a key whose answer is lost', () => {
  const inject = (fault: Fault, times: number) =>
    database.mongo.double?.inject({ fault, commands: ['findAndModify', 'update'], times });

  test('is the one that was kept, when the driver asks again', async () => {
    inject({ kind: 'cut-after' }, 1);
    expect(Buffer.from(await store.addKey('a', ONE)).toString()).toBe('the first');
  });

  test('is store-unavailable where that is lost, too, and the first one for ever after', async () => {
    inject({ kind: 'cut-after' }, 2);
    await expect(store.addKey('a', ONE)).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(Buffer.from(await store.addKey('a', TWO)).toString()).toBe('the first');
  });

  test('is destroyed for ever although nobody was told', async () => {
    await store.addKey('a', ONE);
    inject({ kind: 'cut-after' }, 2);
    await expect(store.destroyKey('a')).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(await store.addKey('a', TWO)).toBe('destroyed');
  });
});

test('processes that add a key at once get the same one', async () => {
  const stores = await Promise.all(
    Array.from({ length: 4 }, async () => openMongoKeyStore(await database.connect())),
  );
  const kept = await Promise.all(
    stores.map((each, index) => each.addKey('a', Buffer.from(`number ${index}`))),
  );
  expect(new Set(kept.map((key) => Buffer.from(key).toString())).size).toBe(1);
});

test('a destroyed key leaves no bytes in its document', async () => {
  await store.addKey('a', ONE);
  await store.destroyKey('a');
  const kept = await database.connection.database.collection('keys').find().toArray();
  expect(kept).toEqual([{ _id: 'a', destroyed: true }]);
});

test('two keys that are added under one name at the same moment leave one, and tell the other it differs', async () => {
  const other = openMongoKeyStore(await database.connect());
  const added = await Promise.allSettled([
    store.addEntries([{ kind: 'key', name: 'a', wrapped: ONE }]),
    other.addEntries([{ kind: 'key', name: 'a', wrapped: TWO }]),
  ]);
  const refused = added.filter(({ status }) => status === 'rejected');
  expect(refused).toMatchObject([{ reason: { code: 'keys-differ' } }]);
});

import type { ReadModelStore } from '@openbank/eventsourcing';
import { Long } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changed, created, owning, PARCELS, position, TOTALS, total } from '../testing/parcels.ts';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoReadModelStore } from './mongo-read-model-store.ts';
import type { Row } from './rows.ts';

let database: TestDatabase;
let store: ReadModelStore;

beforeEach(async () => {
  database = await startTestDatabase();
  store = await openMongoReadModelStore(database.connection);
});
afterEach(() => database.stop());

const parcels = () => database.connection.database.collection<Row>('parcels_v1');

describe('a document', () => {
  test('is one that anyone can read, integers of 64 bits and all', async () => {
    const owner = await owning(store, PARCELS);
    const details = { to: ['x', 1, null] };
    await store.apply(PARCELS, owner.next(created('a', { owner: 'ann', weight: 5n, details })));
    const found = await parcels().findOne({ _id: 'a' }, { useBigInt64: false, promoteLongs: false });
    expect(found).toMatchObject({
      _id: 'a',
      deleted: false,
      owner: 'ann',
      details: { to: ['x', expect.anything(), null] },
    });
    expect(found).toHaveProperty('weight', Long.fromNumber(5));
  });

  test('that is deleted leaves nothing but its id and revision', async () => {
    const owner = await owning(store, PARCELS);
    await store.apply(PARCELS, owner.next(created('a', { owner: 'ann', details: 'secret' })));
    await store.apply(PARCELS, owner.next({ id: 'a', from: 0, revision: 1, fields: undefined }));
    expect(await parcels().findOne({ _id: 'a' })).toEqual({ _id: 'a', revision: 1, deleted: true });
  });

  test('past 16 MiB is refused by its name, before anything is written', async () => {
    const owner = await owning(store, PARCELS);
    const large = 'x'.repeat(16 * 2 ** 20);
    const batch = owner.next(created('small'), created('large', { owner: large }));
    await expect(store.apply(PARCELS, batch)).rejects.toMatchObject({
      code: 'document-refused',
      message: expect.stringContaining('The document large of parcels'),
    });
    expect(await store.get(PARCELS, 'small')).toBeUndefined();
  });

  test('of nearly 16 MiB is refused by its name where only what replaces it is too large for the driver', async () => {
    const owner = await owning(store, PARCELS);
    const fields = (length: number) => ({ owner: 'x'.repeat(length) });
    const nearly = 16 * 2 ** 20 - 120;
    await store.apply(PARCELS, owner.next(created('a', fields(nearly - 2_000))));
    const replacing = owner.next(changed('a', [0, 1], fields(nearly)));
    await expect(store.apply(PARCELS, replacing)).rejects.toMatchObject({ code: 'document-refused' });
    await store.apply(PARCELS, { ...replacing, changes: [changed('a', [0, 1], fields(nearly - 2_000))] });
  });

  test('of some megabytes is written beside others like it', async () => {
    const owner = await owning(store, PARCELS);
    const large = 'x'.repeat(3 * 2 ** 20);
    const ids = ['a', 'b', 'c'];
    await store.apply(PARCELS, owner.next(...ids.map((id) => created(id, { details: large }))));
    expect((await store.getMany(PARCELS, ids)).size).toBe(3);
  });

  test('that somebody has changed by hand is named as damaged', async () => {
    const owner = await owning(store, PARCELS);
    await store.apply(PARCELS, owner.next(created('a', { weight: 1n })));
    await parcels().updateOne({ _id: 'a' }, { $set: { weight: 'heavy' } });
    const damaged = { code: 'store-damaged', message: expect.stringMatching(/document a .*weight/) };
    await expect(store.get(PARCELS, 'a')).rejects.toMatchObject(damaged);
    await expect(store.load(PARCELS, ['a'])).rejects.toMatchObject(damaged);
  });
});

describe('a collection that is lost', () => {
  test('takes its checkpoint with it, is not live, and is filled again by a new owner', async () => {
    const owner = await owning(store, PARCELS);
    await store.apply(PARCELS, owner.next(created('a')));
    await store.setLive(PARCELS);
    const late = owner.next(created('b'));
    await parcels().drop();
    await expect(store.apply(PARCELS, late)).rejects.toMatchObject({ code: 'read-model-refused' });
    expect(await store.liveVersion('parcels')).toBeUndefined();
    const again = await owning(store, PARCELS);
    expect(again.epoch).toBeGreaterThan(owner.epoch);
    expect((await store.checkpoints(PARCELS))[0]).toBeUndefined();
    expect(await store.liveVersion('parcels')).toBeUndefined();
    await expect(store.apply(PARCELS, late)).rejects.toMatchObject({ code: 'displaced' });
    await store.apply(PARCELS, again.next(created('a')));
    expect(await store.faults(PARCELS)).toEqual([]);
    await store.setLive(PARCELS);
    expect(await store.liveVersion('parcels')).toBe(1);
  });

  test('and made again by a late write of its last owner is not taken for one that is filled', async () => {
    const owner = await owning(store, PARCELS);
    await store.apply(PARCELS, owner.next(created('a')));
    await store.setLive(PARCELS);
    await parcels().drop();
    await parcels().insertOne({
      _id: 'b',
      revision: 0,
      deleted: false,
      owner: null,
      weight: null,
      details: null,
    });
    expect(await store.liveVersion('parcels')).toBeUndefined();
    expect(await store.versions('parcels')).toEqual([1]);
    const again = await owning(store, PARCELS);
    expect((await store.checkpoints(PARCELS))[0]).toBeUndefined();
    await store.apply(PARCELS, again.next(created('b'), created('a')));
    await store.drop({ name: 'parcels', version: 1 });
    expect(await store.versions('parcels')).toEqual([]);
  });
});

describe('partitions', () => {
  test('are eight, each with its own checkpoint and owner', async () => {
    expect(store.partitions).toBe(8);
    await owning(store, PARCELS);
    const epoch = await store.takeOver(PARCELS, 7);
    await store.takeOver(PARCELS, 6);
    const batch = { partition: 7, after: undefined, position: position(3), epoch, changes: [created('a')] };
    await store.apply(PARCELS, batch);
    expect(await store.checkpoints(PARCELS)).toEqual([...Array(7).fill(undefined), position(3)]);
    await expect(store.takeOver(PARCELS, 8)).rejects.toMatchObject({ code: 'read-model-refused' });
  });

  test('of totals are one', async () => {
    await owning(store, TOTALS);
    expect(await store.checkpoints(TOTALS)).toEqual([undefined]);
    await expect(store.takeOver(TOTALS, 1)).rejects.toMatchObject({ code: 'read-model-refused' });
  });

  test('are as many as the database was made with, whatever a later process asks for', async () => {
    const other = await openMongoReadModelStore(await database.connect(), { partitions: 3 });
    expect(other.partitions).toBe(8);
  });

  test('of a model that was made with another number are refused: events would be skipped', async () => {
    await store.prepare(PARCELS);
    await database.connection.database.collection('settings').drop();
    const other = await openMongoReadModelStore(await database.connect(), { partitions: 3 });
    await expect(other.prepare(PARCELS)).rejects.toMatchObject({
      code: 'store-damaged',
      message: expect.stringContaining('parcels_v1'),
    });
  });

  test.each([0, 1.5, 2_000])('cannot be %d', async (partitions) => {
    await expect(openMongoReadModelStore(database.connection, { partitions })).rejects.toMatchObject({
      code: 'store-misconfigured',
      message: expect.stringContaining('partitions'),
    });
  });
});

describe('faults', () => {
  beforeEach(async () => {
    const owner = await owning(store, PARCELS);
    await store.apply(PARCELS, owner.next(created('a', { owner: 'ann' })));
    await store.apply(PARCELS, owner.next(changed('a', [0, 1], { owner: 'bob' })));
  });

  test('name an index that is missing; preparing makes it again', async () => {
    await parcels().dropIndex('by_owner');
    expect(await store.faults(PARCELS)).toEqual([expect.stringContaining('by_owner is missing')]);
    await store.prepare(PARCELS);
    expect(await store.faults(PARCELS)).toEqual([]);
  });

  test('name an index that is of other fields', async () => {
    await parcels().dropIndex('by_owner');
    await parcels().createIndex({ details: 1 }, { name: 'by_owner' });
    expect(await store.faults(PARCELS)).toEqual([expect.stringContaining('by_owner is of other fields')]);
  });
});

test('many who prepare at once make one collection', async () => {
  const stores = await Promise.all(
    Array.from({ length: 4 }, async () =>
      openMongoReadModelStore(await database.connect(), { partitions: 2 }),
    ),
  );
  expect(new Set(stores.map(({ partitions }) => partitions))).toEqual(new Set([8]));
  await Promise.all(stores.flatMap((each) => [each.prepare(PARCELS), each.prepare(TOTALS)]));
  const owner = await owning(store, TOTALS);
  await store.apply(TOTALS, owner.next(total('a', 1, 1n)));
  expect(await stores[0]?.get(TOTALS, 'a')).toMatchObject({ fields: { weight: 1n } });
  expect(await stores[1]?.versions('parcels')).toEqual([1]);
});

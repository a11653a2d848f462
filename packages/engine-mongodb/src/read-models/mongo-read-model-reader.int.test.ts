import type { ReadModel, ReadModelReader, ReadModelStore } from '@openbank/eventsourcing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changed, created, owning, PARCELS, position, TOTALS } from '../testing/parcels.ts';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoReadModelReader } from './mongo-read-model-reader.ts';
import { openMongoReadModelStore } from './mongo-read-model-store.ts';

let database: TestDatabase;
let reader: ReadModelReader;

beforeEach(async () => {
  database = await startTestDatabase();
  reader = openMongoReadModelReader(database.connection);
});
afterEach(() => database.stop());

const openStore = async (): Promise<ReadModelStore> =>
  openMongoReadModelStore(await database.connect(), { partitions: 2 });

async function expectNothing(model: ReadModel): Promise<void> {
  expect(await reader.get(model, 'a')).toBeUndefined();
  expect(await reader.getMany(model, ['a'])).toEqual(new Map());
  expect(await reader.find(model, { limit: 5 })).toEqual({ documents: [], next: undefined });
  expect(await reader.checkpoints(model)).toEqual([]);
  expect(await reader.census(model)).toEqual({ documents: 0, checkpoint: undefined });
  expect(await reader.faults(model)).toEqual([]);
  expect(await reader.liveVersion(model.name)).toBeUndefined();
}

test('finds nothing while nobody has made anything, and makes nothing itself', async () => {
  await expectNothing(PARCELS);
  expect(await database.connection.database.listCollections().toArray()).toEqual([]);
});

test('finds what another process has written, as soon as that is written', async () => {
  const store = await openStore();
  const owner = await owning(store, PARCELS);
  expect(await reader.checkpoints(PARCELS)).toEqual([undefined, undefined]);
  await store.apply(PARCELS, owner.next(created('a', { owner: 'ann', weight: 1n })));
  expect(await reader.get(PARCELS, 'a')).toEqual(await store.get(PARCELS, 'a'));
  await store.apply(PARCELS, owner.next(changed('a', [0, 1], { owner: 'ann', weight: 2n })));
  await store.setLive(PARCELS);
  expect(await reader.get(PARCELS, 'a')).toMatchObject({ revision: 1, fields: { weight: 2n } });
  expect((await reader.getMany(PARCELS, ['a', 'b'])).size).toBe(1);
  expect((await reader.find(PARCELS, { where: { owner: 'ann' }, limit: 5 })).documents).toHaveLength(1);
  expect(await reader.checkpoints(PARCELS)).toEqual([position(2), undefined]);
  expect(await reader.census(PARCELS)).toEqual({ documents: 1, checkpoint: undefined });
  expect(await reader.liveVersion('parcels')).toBe(1);
  expect(await reader.faults(PARCELS)).toEqual([]);
  await store.prepare(TOTALS);
  expect(await reader.checkpoints(TOTALS)).toEqual([undefined]);
});

test('finds nothing of a version once that is dropped', async () => {
  const store = await openStore();
  const owner = await owning(store, PARCELS);
  await store.apply(PARCELS, owner.next(created('a')));
  expect(await reader.get(PARCELS, 'a')).toBeDefined();
  await store.drop(PARCELS);
  await expectNothing(PARCELS);
});

test('refuses a query that there is no index for also where there is nothing yet', async () => {
  await expect(reader.find(PARCELS, { where: { weight: 1n }, limit: 5 })).rejects.toMatchObject({
    code: 'query-refused',
  });
});

import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { useMongo } from './use-mongo.ts';

const mongo = useMongo();

describe('indexes', () => {
  it('are listed with their options, and made only once', async () => {
    const things = mongo.collection();
    await things.createIndex({ a: 1, b: -1 }, { name: 'ab', partialFilterExpression: { open: true } });
    await things.createIndex({ a: 1, b: -1 }, { name: 'ab', partialFilterExpression: { open: true } });
    const indexes = await things.indexes();
    expect(indexes.map(({ name }) => name)).toEqual(['_id_', 'ab']);
    expect(indexes[1]).toMatchObject({ key: { a: 1, b: -1 }, partialFilterExpression: { open: true } });
  });

  it('of one name with other fields are refused', async () => {
    const things = mongo.collection();
    await things.createIndex({ a: 1 }, { name: 'one' });
    await expect(things.createIndex({ b: 1 }, { name: 'one' })).rejects.toMatchObject({ code: 86 });
    await expect(things.createIndex({ a: 1 }, { name: 'two' })).rejects.toMatchObject({ code: 85 });
  });

  it('are dropped by name, or all but the one of the ids', async () => {
    const things = mongo.collection();
    await things.createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }, { key: { c: 1 } }]);
    await things.dropIndex('a_1');
    expect(await things.indexExists('a_1')).toBe(false);
    await expect(things.dropIndex('a_1')).rejects.toMatchObject({ code: 27 });
    await things.dropIndexes();
    expect(await things.indexes()).toHaveLength(1);
  });

  it('of a collection that is not there cannot be listed', async () => {
    await expect(mongo.collection().indexes()).rejects.toMatchObject({ code: 26 });
  });
});

describe('collections', () => {
  it('appear with their first write, are listed, renamed and dropped', async () => {
    const db = mongo.client.db();
    const [from, to] = [randomUUID(), randomUUID()];
    const names = async () =>
      (await db.listCollections({ name: { $in: [from, to] } }).toArray()).map(({ name }) => name);
    expect(await names()).toEqual([]);
    await db.collection(from).insertOne({ a: 1 });
    await db.collection(from).createIndex({ a: 1 }, { unique: true });
    expect(await names()).toEqual([from]);
    await db.renameCollection(from, to);
    expect(await names()).toEqual([to]);
    await expect(db.collection(to).insertOne({ a: 1 })).rejects.toMatchObject({ code: 11000 });
    expect(await db.dropCollection(to)).toBe(true);
    expect(await names()).toEqual([]);
    expect(await db.collection(to).countDocuments()).toBe(0);
  });

  it('are not renamed over another one unless that is to be dropped', async () => {
    const db = mongo.client.db();
    const [from, to] = [randomUUID(), randomUUID()];
    await db.collection(from).insertOne({ from: true });
    await db.collection(to).insertOne({ to: true });
    await expect(db.renameCollection(from, to)).rejects.toMatchObject({ code: 48 });
    await db.renameCollection(from, to, { dropTarget: true });
    expect(await db.collection(to).findOne()).toMatchObject({ from: true });
  });

  it('cannot be created twice', async () => {
    const db = mongo.client.db();
    const name = randomUUID();
    await db.createCollection(name);
    await expect(db.createCollection(name)).rejects.toMatchObject({ code: 48 });
  });

  it('vanish with their database', async () => {
    const db = mongo.client.db(`openbank-test-${randomUUID()}`);
    await db.collection('things').insertOne({ a: 1 });
    await db.dropDatabase();
    expect(await db.listCollections().toArray()).toEqual([]);
  });
});

describe('concerns', () => {
  it('of the majority are met', async () => {
    const things = mongo.collection();
    const options = { writeConcern: { w: 'majority', wtimeoutMS: 5000 } } as const;
    expect(await things.insertOne({ _id: 1 }, options)).toMatchObject({ acknowledged: true });
    expect(await things.findOne({}, { readConcern: 'majority', readPreference: 'primary' })).toEqual({
      _id: 1,
    });
    expect(await things.findOne({}, { readConcern: 'linearizable' })).toEqual({ _id: 1 });
  });

  it('of no acknowledgement get none, and the write happens', async () => {
    const things = mongo.collection();
    expect(await things.insertOne({ _id: 1 }, { writeConcern: { w: 0 } })).toMatchObject({
      acknowledged: false,
    });
    await expect.poll(() => things.countDocuments()).toBe(1);
  });
});

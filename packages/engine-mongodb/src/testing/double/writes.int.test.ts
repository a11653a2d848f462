import { MongoBulkWriteError, MongoServerError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { useMongo } from './use-mongo.ts';

const mongo = useMongo();

/** Sixteen megabytes: the largest document. */
const LARGEST = 16 * 1024 * 1024;

async function refusal(action: Promise<unknown>): Promise<MongoServerError> {
  const error: unknown = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MongoServerError) return error;
  throw new Error(`not a refusal of the server: ${String(error)}`);
}

describe('unique indexes', () => {
  it('refuse a second document with the same id, naming index, key and value', async () => {
    const things = mongo.collection();
    await things.insertOne({ _id: 'one' });
    expect(await refusal(things.insertOne({ _id: 'one' }))).toMatchObject({
      code: 11000,
      keyPattern: { _id: 1 },
      keyValue: { _id: 'one' },
      message: expect.stringContaining('_id_'),
    });
  });

  it('refuse a second document with the same values in all fields of a declared one', async () => {
    const things = mongo.collection();
    await things.createIndex({ a: 1, b: 1 }, { unique: true, name: 'both' });
    await things.insertMany([
      { a: 1, b: 1 },
      { a: 1, b: 2 },
    ]);
    const error = await refusal(things.insertOne({ a: 1n, b: 2 }));
    expect(error).toMatchObject({ code: 11000, keyPattern: { a: 1, b: 1 } });
    expect(error.message).toContain('both');
  });

  it('refuse an update that would make two alike, and leave the document as it was', async () => {
    const things = mongo.collection();
    await things.createIndex({ name: 1 }, { unique: true });
    await things.insertMany([
      { _id: 1, name: 'a' },
      { _id: 2, name: 'b' },
    ]);
    const error = await refusal(things.updateOne({ _id: 2 }, { $set: { name: 'a', more: true } }));
    expect(error.code).toBe(11000);
    expect(await things.findOne({ _id: 2 })).toEqual({ _id: 2, name: 'b' });
  });

  it('let a value be taken again once it is given up', async () => {
    const things = mongo.collection();
    await things.createIndex({ name: 1 }, { unique: true });
    await things.insertOne({ _id: 1, name: 'a' });
    await things.updateOne({ _id: 1 }, { $set: { name: 'b' } });
    await things.insertOne({ _id: 2, name: 'a' });
    await things.deleteOne({ _id: 1 });
    await things.insertOne({ _id: 3, name: 'b' });
    expect(await things.countDocuments()).toBe(2);
  });

  it('count a missing field as null, unless they are sparse or partial', async () => {
    const things = mongo.collection();
    await things.createIndex({ a: 1 }, { unique: true });
    await things.createIndex({ b: 1 }, { unique: true, sparse: true });
    await things.createIndex({ c: 1 }, { unique: true, partialFilterExpression: { open: true } });
    await things.insertOne({ a: 1, c: 1, open: false });
    await things.insertOne({ c: 1, open: true });
    expect((await refusal(things.insertOne({ c: 2 }))).keyPattern).toEqual({ a: 1 });
    expect((await refusal(things.insertOne({ a: 2, c: 1, open: true }))).keyPattern).toEqual({ c: 1 });
  });

  it('cannot be made over documents that are alike', async () => {
    const things = mongo.collection();
    await things.insertMany([{ a: 1 }, { a: 1 }]);
    expect((await refusal(things.createIndex({ a: 1 }, { unique: true }))).code).toBe(11000);
  });
});

describe('a guarded upsert', () => {
  const guarded = { _id: 'one', revision: 5n };

  it('inserts what the filter demands with what the update sets, and tells the id', async () => {
    const things = mongo.collection();
    const result = await things.updateOne(
      guarded,
      { $set: { revision: 6n }, $setOnInsert: { first: true } },
      { upsert: true },
    );
    expect(result).toMatchObject({ matchedCount: 0, modifiedCount: 0, upsertedCount: 1, upsertedId: 'one' });
    expect(await things.findOne()).toEqual({ _id: 'one', revision: 6n, first: true });
  });

  it('is refused as a duplicate where the id is there and the guard does not hold', async () => {
    const things = mongo.collection();
    await things.insertOne({ _id: 'one', revision: 7n });
    const error = await refusal(things.updateOne(guarded, { $set: { revision: 6n } }, { upsert: true }));
    expect(error).toMatchObject({ code: 11000, keyPattern: { _id: 1 } });
    expect(await things.findOne()).toEqual({ _id: 'one', revision: 7n });
  });

  it('happens once where several race', async () => {
    const things = mongo.collection();
    const race = Array.from({ length: 8 }, (_, i) =>
      things.updateOne({ _id: 'one', owner: null }, { $set: { owner: i } }, { upsert: true }).then(
        () => 'won',
        (error: unknown) => (error instanceof MongoServerError ? error.code : error),
      ),
    );
    const outcomes = await Promise.all(race);
    expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 11000)).toHaveLength(7);
  });
});

describe('updates', () => {
  it('count what was matched and what was really changed', async () => {
    const things = mongo.collection();
    await things.insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ]);
    const result = await things.updateMany({}, { $set: { a: 1 } });
    expect(result).toMatchObject({ matchedCount: 2, modifiedCount: 1 });
    expect(await things.updateOne({ _id: 9 }, { $set: { a: 1 } })).toMatchObject({
      matchedCount: 0,
      modifiedCount: 0,
    });
    // Another numeric type is a change, though the values are equal.
    expect(await things.updateOne({ _id: 1 }, { $set: { a: 1n } })).toMatchObject({ modifiedCount: 1 });
  });

  it('of one document are atomic: concurrent increments all count', async () => {
    const things = mongo.collection();
    await things.insertOne({ _id: 1, n: 0n });
    await Promise.all(Array.from({ length: 50 }, () => things.updateOne({ _id: 1 }, { $inc: { n: 1n } })));
    expect(await things.findOne()).toEqual({ _id: 1, n: 50n });
  });

  it('by whole documents keep the id and nothing else', async () => {
    const things = mongo.collection();
    await things.insertOne({ _id: 1, a: 1, b: 2 });
    await things.replaceOne({ a: 1 }, { c: 3 });
    expect(await things.findOne()).toEqual({ _id: 1, c: 3 });
    expect((await refusal(things.replaceOne({ c: 3 }, { _id: 2, c: 4 }))).code).toBe(66);
  });

  it('past the largest document are refused and change nothing', async () => {
    const things = mongo.collection();
    const half = 'x'.repeat(LARGEST / 2);
    await things.insertOne({ _id: 1, a: half });
    expect([2, 10334, 17419]).toContain(
      (await refusal(things.updateOne({ _id: 1 }, { $set: { b: half } }))).code,
    );
    expect(Object.keys((await things.findOne()) ?? {})).toEqual(['_id', 'a']);
  });
});

describe('bulk writes', () => {
  const statements = [
    { insertOne: { document: { _id: 1 } } },
    { insertOne: { document: { _id: 1 } } },
    { updateOne: { filter: { _id: 2 }, update: { $set: { a: 1 } }, upsert: true } },
    { updateOne: { filter: { _id: 2, a: 9 }, update: { $set: { a: 2 } }, upsert: true } },
    { deleteOne: { filter: { _id: 1 } } },
  ];

  async function failed(action: Promise<unknown>): Promise<MongoBulkWriteError> {
    const error = await refusal(action);
    if (error instanceof MongoBulkWriteError) return error;
    throw error;
  }

  it('go on after refusals where they are unordered, and tell each by its place', async () => {
    const things = mongo.collection();
    const error = await failed(things.bulkWrite(statements, { ordered: false }));
    const places = [error.writeErrors].flat().map(({ index, code }) => [index, code]);
    expect(places).toEqual([
      [1, 11000],
      [3, 11000],
    ]);
    expect(error.result).toMatchObject({
      insertedCount: 1,
      upsertedCount: 1,
      upsertedIds: { 2: 2 },
      deletedCount: 1,
    });
    expect(await things.find().toArray()).toEqual([{ _id: 2, a: 1 }]);
  });

  it('stop at the first refusal where they are ordered, and what was done before stays', async () => {
    const things = mongo.collection();
    const error = await failed(things.bulkWrite(statements, { ordered: true }));
    expect([error.writeErrors].flat().map(({ index }) => index)).toEqual([1]);
    expect(error.result).toMatchObject({ insertedCount: 1, upsertedCount: 0, deletedCount: 0 });
    expect(await things.find().toArray()).toEqual([{ _id: 1 }]);
  });

  it('count over all statements', async () => {
    const things = mongo.collection();
    await things.insertMany([{ _id: 1 }, { _id: 2 }]);
    const result = await things.bulkWrite([
      { updateOne: { filter: { _id: 1 }, update: { $set: { a: 1 } } } },
      { updateMany: { filter: {}, update: { $set: { a: 1 } } } },
      { replaceOne: { filter: { _id: 3 }, replacement: { a: 3 }, upsert: true } },
      { deleteMany: { filter: { a: 1 } } },
    ]);
    expect(result).toMatchObject({ matchedCount: 3, modifiedCount: 2, upsertedCount: 1, deletedCount: 2 });
  });

  it('take more statements than one message holds', async () => {
    const things = mongo.collection();
    const text = 'x'.repeat(1000);
    const many = Array.from({ length: 60_000 }, (_, _id) => ({ insertOne: { document: { _id, text } } }));
    expect((await things.bulkWrite(many, { ordered: false })).insertedCount).toBe(60_000);
    expect(await things.countDocuments()).toBe(60_000);
  });
});

describe('find and modify', () => {
  it('answers the document as it was, or as it is', async () => {
    const things = mongo.collection();
    await things.insertOne({ _id: 1, n: 1 });
    expect(await things.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } })).toEqual({ _id: 1, n: 1 });
    const after = await things.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, { returnDocument: 'after' });
    expect(after).toEqual({ _id: 1, n: 3 });
    expect(await things.findOneAndUpdate({ _id: 2 }, { $inc: { n: 1 } })).toBeNull();
    expect(await things.findOneAndDelete({ _id: 1 }, { projection: { n: 1, _id: 0 } })).toEqual({ n: 3 });
  });

  it('takes the first in the order that is asked for', async () => {
    const things = mongo.collection();
    await things.insertMany([3, 1, 2].map((n) => ({ _id: n, n })));
    const taken = await things.findOneAndUpdate({}, { $set: { taken: true } }, { sort: { n: 1 } });
    expect(taken?._id).toBe(1);
  });

  it('inserts where nothing is found and the client wants that', async () => {
    const things = mongo.collection();
    const made = await things.findOneAndUpdate(
      { _id: 'one' },
      { $setOnInsert: { n: 1 } },
      { upsert: true, returnDocument: 'after', includeResultMetadata: true },
    );
    expect(made).toMatchObject({
      value: { _id: 'one', n: 1 },
      lastErrorObject: { updatedExisting: false, upserted: 'one' },
    });
  });
});

describe('names and ids', () => {
  it('refuses ids that are arrays or patterns', async () => {
    const things = mongo.collection();
    // Servers do not agree on the code: BadValue or InvalidIdField.
    for (const _id of [[1], /a/]) {
      expect([2, 53]).toContain((await refusal(things.insertOne({ _id }))).code);
    }
  });

  it("refuses empty names on an update's path", async () => {
    const things = mongo.collection();
    expect((await refusal(things.updateOne({}, { $set: { 'a..b': 1 } }, { upsert: true }))).code).toBe(56);
  });

  it('refuses a command that it does not know', async () => {
    const error = await refusal(mongo.client.db().command({ noSuchCommand: 1 }));
    expect(error).toMatchObject({ code: 59, codeName: 'CommandNotFound' });
  });
});

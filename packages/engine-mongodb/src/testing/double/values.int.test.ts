import { Binary, Double, Int32, Long, ObjectId, Timestamp } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { useMongo } from './use-mongo.ts';

const mongo = useMongo();

const ABOVE_DOUBLES = 2n ** 53n;

describe('numbers', () => {
  it('keeps 64-bit integers as such, up to both ends of their range', async () => {
    const things = mongo.collection();
    const values = [0n, 1n, -1n, ABOVE_DOUBLES + 1n, 2n ** 63n - 1n, -(2n ** 63n)];
    await things.insertMany(values.map((value, _id) => ({ _id, value })));
    const stored = await things.find().sort({ _id: 1 }).toArray();
    expect(stored.map(({ value }) => value)).toEqual(values);
  });

  it('compares 64-bit integers above 2^53 exactly, in filters', async () => {
    const things = mongo.collection();
    await things.insertMany([0n, 1n, 2n].map((more) => ({ _id: Number(more), value: ABOVE_DOUBLES + more })));
    const ids = async (filter: object) =>
      (await things.find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
    expect(await ids({ value: ABOVE_DOUBLES + 1n })).toEqual([1]);
    expect(await ids({ value: { $gt: ABOVE_DOUBLES + 1n } })).toEqual([2]);
    expect(await ids({ value: { $lte: ABOVE_DOUBLES + 1n } })).toEqual([0, 1]);
    expect(await ids({ value: { $ne: ABOVE_DOUBLES } })).toEqual([1, 2]);
    expect(await ids({ value: { $in: [ABOVE_DOUBLES, ABOVE_DOUBLES + 2n] } })).toEqual([0, 2]);
    expect(await ids({ value: 2 ** 53 })).toEqual([0]);
  });

  it('sorts 64-bit integers above 2^53 exactly, with and without an index', async () => {
    const values = [3n, -2n, 1n, 0n, 2n, -1n].map((more) => ABOVE_DOUBLES + more);
    const expected = values.toSorted((a, b) => (a < b ? -1 : 1));
    for (const indexed of [false, true]) {
      const things = mongo.collection();
      if (indexed) await things.createIndex({ value: 1 });
      await things.insertMany(values.map((value, _id) => ({ _id, value })));
      const up = await things.find().sort({ value: 1 }).toArray();
      const down = await things.find().sort({ value: -1 }).toArray();
      expect(up.map(({ value }) => value)).toEqual(expected);
      expect(down.map(({ value }) => value)).toEqual(expected.toReversed());
    }
  });

  it('takes the numeric types for equal where their values are', async () => {
    const things = mongo.collection();
    await things.insertOne({ _id: 1n, value: 5n });
    for (const five of [5, 5n, Long.fromNumber(5), new Double(5), new Int32(5)]) {
      expect(await things.countDocuments({ value: five })).toBe(1);
    }
    await expect(things.insertOne({ _id: 1 })).rejects.toMatchObject({ code: 11000 });
  });

  it('sorts mixed numeric types by value', async () => {
    const things = mongo.collection();
    const values = [2.5, -1n, 3, Number.NEGATIVE_INFINITY, 2n, -1.5, 2n ** 60n, 1e30, 0];
    await things.insertMany(values.map((value, _id) => ({ _id, value })));
    const sorted = await things.find().sort({ value: 1 }).toArray();
    expect(sorted.map(({ value }) => Number(value))).toEqual(values.map(Number).toSorted((a, b) => a - b));
  });
});

describe('the order of values', () => {
  it('sorts by type first: null, numbers, strings, objects, arrays, binary, ids, booleans, dates, timestamps', async () => {
    const things = mongo.collection();
    const ordered = [
      null,
      5,
      'a',
      { a: 1 },
      new Binary(Buffer.from('a')),
      new ObjectId(),
      false,
      true,
      new Date(0),
      new Timestamp({ t: 1, i: 1 }),
    ];
    const documents = ordered.map((value, _id) => ({ _id, value }));
    await things.insertMany(documents.toReversed());
    const found = await things.find().sort({ value: 1 }).toArray();
    expect(found.map(({ _id }) => _id)).toEqual(documents.map(({ _id }) => _id));
  });

  it('compares strings by their UTF-8 bytes, not by language', async () => {
    const things = mongo.collection();
    const values = ['Z', 'a', 'ä', 'z', 'A', '', '\uffee', '\u{1f600}', 'aa', 'a b'];
    await things.insertMany(values.map((value, _id) => ({ _id, value })));
    const byBytes = values.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const sorted = await things.find().sort({ value: 1 }).toArray();
    expect(sorted.map(({ value }) => value)).toEqual(byBytes);
    await things.createIndex({ value: -1 });
    const down = await things
      .find({ value: { $lt: '\uffee' } })
      .sort({ value: -1 })
      .toArray();
    expect(down.map(({ value }) => value)).toEqual(byBytes.slice(0, -2).toReversed());
  });

  it('finds with a range only values of the type of its bound', async () => {
    const things = mongo.collection();
    await things.insertMany([null, 1, 9, '1', '9', true].map((value, _id) => ({ _id, value })));
    const values = async (filter: object) =>
      (await things.find({ value: filter }).toArray()).map(({ value }) => value);
    for (const index of [undefined, { value: 1 }, { value: -1 }] as const) {
      if (index) await things.createIndex(index);
      expect(await values({ $gt: 1 })).toEqual([9]);
      expect((await values({ $gte: '' })).toSorted()).toEqual(['1', '9']);
      expect((await values({ $lt: 'z' })).toSorted()).toEqual(['1', '9']);
      if (index) await things.dropIndexes();
    }
  });

  it('sorts what is missing as null, and equals it to null', async () => {
    const things = mongo.collection();
    await things.insertMany([
      { _id: 1, value: 1 },
      { _id: 2, value: null },
      { _id: 3 },
      { _id: 4, value: 0 },
    ]);
    const ids = async (filter: object) =>
      (await things.find(filter).sort({ value: 1, _id: 1 }).toArray()).map(({ _id }) => _id);
    expect(await ids({})).toEqual([2, 3, 4, 1]);
    expect(await ids({ value: null })).toEqual([2, 3]);
    expect(await ids({ value: { $ne: null } })).toEqual([4, 1]);
    expect(await ids({ value: { $exists: false } })).toEqual([3]);
    await things.createIndex({ value: 1, _id: 1 });
    expect(await ids({})).toEqual([2, 3, 4, 1]);
    expect(await ids({ value: null })).toEqual([2, 3]);
  });

  it('orders by the next field of a sort where the first is equal', async () => {
    const things = mongo.collection();
    await things.insertMany([
      { _id: 'c', value: 1 },
      { _id: 'a', value: 1 },
      { _id: 'b', value: 0 },
    ]);
    const found = await things.find().sort({ value: -1, _id: 1 }).toArray();
    expect(found.map(({ _id }) => _id)).toEqual(['a', 'c', 'b']);
  });
});

describe('documents', () => {
  it('come back as they were stored, with all types and the order of their fields', async () => {
    const things = mongo.collection();
    const stored = {
      _id: 'one',
      z: 1,
      a: { y: [1, 2n, 'three', null, { deep: true }], x: 1.5 },
      at: new Date(1234),
      bytes: new Binary(Buffer.from([0, 255])),
      id: new ObjectId(),
      none: null,
      'a b': '',
    };
    await things.insertOne(stored);
    const found = await things.findOne({ _id: 'one' });
    expect(found).toEqual(stored);
    expect(Object.keys(found ?? {})).toEqual(Object.keys(stored));
  });

  it('have their id first', async () => {
    const things = mongo.collection();
    await things.insertOne({ a: 1, _id: 'one' });
    expect(Object.keys((await things.findOne()) ?? {})).toEqual(['_id', 'a']);
  });

  it('are equal to an embedded document only with the same fields in the same order', async () => {
    const things = mongo.collection();
    await things.insertOne({ _id: 1, value: { a: 1, b: 2 } });
    expect(await things.countDocuments({ value: { a: 1, b: 2 } })).toBe(1);
    expect(await things.countDocuments({ value: { b: 2, a: 1 } })).toBe(0);
    expect(await things.countDocuments({ value: { a: 1 } })).toBe(0);
    expect(await things.countDocuments({ 'value.b': 2 })).toBe(1);
  });
});

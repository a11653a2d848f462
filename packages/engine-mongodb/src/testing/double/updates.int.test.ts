import { describe, expect, it } from 'vitest';
import { useMongo } from './use-mongo.ts';

const mongo = useMongo();

async function updated(document: object, update: object): Promise<unknown> {
  const things = mongo.collection();
  await things.insertOne({ _id: 1, ...document });
  await things.updateOne({ _id: 1 }, update);
  const { _id, ...rest } = (await things.findOne()) ?? {};
  return rest;
}

describe('update operators', () => {
  it('set and unset fields, also within documents and arrays', async () => {
    const set = { $set: { b: 2n, 'c.d.e': 'x', 'list.1': 9 }, $unset: { a: '', 'o.p': '' } };
    expect(await updated({ a: 1, list: [1, 2], o: { p: 1, q: 2 } }, set)).toEqual({
      list: [1, 9],
      o: { q: 2 },
      b: 2n,
      c: { d: { e: 'x' } },
    });
  });

  it('add to numbers: 64-bit integers stay exact and stay 64-bit integers', async () => {
    const added = await updated({ a: 2n ** 60n, b: 1, c: 1.5 }, { $inc: { a: 1, b: 1n, c: 1, d: 7n } });
    expect(added).toEqual({ a: 2n ** 60n + 1n, b: 2n, c: 2.5, d: 7n });
    expect(await updated({ a: 2 ** 31 - 1 }, { $inc: { a: 1 } })).toEqual({ a: 2n ** 31n });
    expect(await updated({ a: 3n }, { $mul: { a: 2, b: 5 } })).toEqual({ a: 6n, b: 0 });
  });

  it('refuse to add to what is no number, and to leave the range of 64 bits', async () => {
    await expect(updated({ a: 'text' }, { $inc: { a: 1 } })).rejects.toMatchObject({ code: 14 });
    await expect(updated({ a: null }, { $inc: { a: 1 } })).rejects.toMatchObject({ code: 14 });
    await expect(updated({ a: 2n ** 63n - 1n }, { $inc: { a: 1n } })).rejects.toMatchObject({ code: 2 });
  });

  it('keep the greater or the smaller of two values, exactly', async () => {
    const at = 2n ** 53n;
    expect(await updated({ a: at }, { $max: { a: at + 1n, b: 1 } })).toEqual({ a: at + 1n, b: 1 });
    expect(await updated({ a: at + 1n }, { $max: { a: at } })).toEqual({ a: at + 1n });
    expect(await updated({ a: at + 1n }, { $min: { a: at } })).toEqual({ a: at });
    expect(await updated({ a: new Date(5) }, { $max: { a: new Date(6) } })).toEqual({ a: new Date(6) });
  });

  it('set on insert only where the document is new', async () => {
    const things = mongo.collection();
    const update = { $set: { n: 1 }, $setOnInsert: { made: true } };
    await things.updateOne({ _id: 'new', 'a.b': 2 }, update, { upsert: true });
    await things.insertOne({ _id: 'old' });
    await things.updateOne({ _id: 'old' }, update, { upsert: true });
    expect(await things.findOne({ _id: 'new' })).toEqual({ _id: 'new', a: { b: 2 }, n: 1, made: true });
    expect(await things.findOne({ _id: 'old' })).toEqual({ _id: 'old', n: 1 });
  });

  it('add to, take from and cut arrays', async () => {
    expect(await updated({ a: [1] }, { $push: { a: 2, b: 'x' } })).toEqual({ a: [1, 2], b: ['x'] });
    expect(await updated({ a: [3, 1] }, { $push: { a: { $each: [2, 5], $sort: 1, $slice: -3 } } })).toEqual({
      a: [2, 3, 5],
    });
    expect(await updated({ a: [1, 2] }, { $addToSet: { a: { $each: [2, 3, 3] } } })).toEqual({
      a: [1, 2, 3],
    });
    expect(await updated({ a: [1, 2, 3] }, { $pull: { a: { $gte: 2 } } })).toEqual({ a: [1] });
    expect(await updated({ a: [{ k: 1 }, { k: 2 }] }, { $pull: { a: { k: 1 } } })).toEqual({ a: [{ k: 2 }] });
    expect(await updated({ a: [1, 2, 3] }, { $pop: { a: 1 } })).toEqual({ a: [1, 2] });
  });

  it('rename fields', async () => {
    expect(await updated({ a: 1, b: 2 }, { $rename: { a: 'c' } })).toEqual({ b: 2, c: 1 });
  });

  it('are refused where two of them meet on one path, and where they would change the id', async () => {
    await expect(updated({}, { $set: { a: 1 }, $inc: { a: 1 } })).rejects.toMatchObject({ code: 40 });
    await expect(updated({}, { $set: { a: 1, 'a.b': 1 } })).rejects.toMatchObject({ code: 40 });
    await expect(updated({}, { $set: { _id: 2 } })).rejects.toMatchObject({ code: 66 });
  });

  it('are refused where the path leads through a value that holds no fields', async () => {
    await expect(updated({ a: 1 }, { $set: { 'a.b': 1 } })).rejects.toMatchObject({ code: 28 });
  });
});

describe('updates by a pipeline', () => {
  it('compute from the document itself, exactly', async () => {
    const pipeline = [
      {
        $set: {
          total: { $add: ['$a', '$b'] },
          late: { $gt: ['$a', 5] },
          name: { $ifNull: ['$name', 'none'] },
        },
      },
      { $unset: 'b' },
    ];
    const at = 2n ** 60n;
    expect(await updated({ a: at, b: 1n }, pipeline)).toEqual({
      a: at,
      total: at + 1n,
      late: true,
      name: 'none',
    });
  });

  it('choose between values', async () => {
    const pipeline = [{ $set: { state: { $cond: [{ $lt: ['$n', 5] }, 'low', '$$REMOVE'] } } }];
    expect(await updated({ n: 4 }, pipeline)).toEqual({ n: 4, state: 'low' });
    expect(await updated({ n: 6, state: 'old' }, pipeline)).toEqual({ n: 6 });
  });

  it('see one time of the server in all documents of a command', async () => {
    const things = mongo.collection();
    await things.insertMany([{ _id: 1 }, { _id: 2 }]);
    await things.updateMany({}, [{ $set: { at: '$$NOW' } }]);
    const [first, second] = await things.find().toArray();
    expect(first?.at).toBeInstanceOf(Date);
    expect(second?.at).toEqual(first?.at);
  });
});

describe('a lease', () => {
  /** What decides is in the update: a filter with the time in it is refused where it may insert. */
  const taking = (owner: string, milliseconds: number) => {
    const isFree = {
      $or: [{ $eq: ['$owner', owner] }, { $lte: [{ $ifNull: ['$until', new Date(0)] }, '$$NOW'] }],
    };
    return [
      {
        $set: {
          owner: { $cond: [isFree, owner, '$owner'] },
          until: { $cond: [isFree, { $add: ['$$NOW', milliseconds] }, '$until'] },
        },
      },
    ];
  };
  const IS_LEASE = { _id: { $eq: 'lease' } };
  const INSERTING = { upsert: true, returnDocument: 'after' } as const;

  it('is taken by one owner while it lasts, by the clock of the server', async () => {
    const things = mongo.collection();
    const taken = await things.findOneAndUpdate(IS_LEASE, taking('a', 60_000), INSERTING);
    expect(taken).toMatchObject({ _id: 'lease', owner: 'a', until: expect.any(Date) });
    expect(await things.findOneAndUpdate(IS_LEASE, taking('b', 60_000), INSERTING)).toEqual(taken);
    expect(await things.countDocuments()).toBe(1);
  });

  it('is taken over once it has run out', async () => {
    const things = mongo.collection();
    await things.findOneAndUpdate(IS_LEASE, taking('a', -1), INSERTING);
    const taken = await things.findOneAndUpdate(IS_LEASE, taking('b', 60_000), INSERTING);
    expect(taken).toMatchObject({ owner: 'b' });
  });

  it('cannot be asked for with the time in the filter of an upsert, whether it is there or not', async () => {
    const things = mongo.collection();
    const isOver = { $expr: { $lte: ['$until', '$$NOW'] } };
    const refused = { code: 224 };
    for (const filter of [{ _id: 'lease', ...isOver }, { $and: [{ _id: 'lease' }, { $or: [isOver] }] }]) {
      const update = { $set: { owner: 'a' } };
      await expect(things.updateOne(filter, update, { upsert: true })).rejects.toMatchObject(refused);
      await expect(things.findOneAndUpdate(filter, update, INSERTING)).rejects.toMatchObject(refused);
      expect(await things.updateOne(filter, update)).toMatchObject({ matchedCount: 0 });
    }
    await things.insertOne({ _id: 'lease', until: new Date(0) });
    const found = things.updateOne({ _id: 'lease', ...isOver }, [{ $set: { owner: 'a' } }], { upsert: true });
    await expect(found).rejects.toMatchObject(refused);
  });
});

import { Binary } from 'mongodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { type UsedMongo, useMongo } from './use-mongo.ts';

const mongo = useMongo();

type Things = ReturnType<UsedMongo['collection']>;

async function ids(things: Things, filter: object): Promise<unknown[]> {
  return (await things.find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
}

describe('filters', () => {
  it('demand all of their conditions, or one, or none of several', async () => {
    const things = mongo.collection();
    await things.insertMany([1, 2, 3, 4].map((n) => ({ _id: n, n, even: n % 2 === 0 })));
    expect(await ids(things, { n: { $gte: 2, $lt: 4 }, even: true })).toEqual([2]);
    expect(await ids(things, { $and: [{ n: { $gt: 1 } }, { n: { $lt: 4 } }] })).toEqual([2, 3]);
    expect(await ids(things, { $or: [{ n: 1 }, { even: true }] })).toEqual([1, 2, 4]);
    expect(await ids(things, { $nor: [{ n: 1 }, { even: true }] })).toEqual([3]);
    expect(await ids(things, { n: { $nin: [1, 2] } })).toEqual([3, 4]);
    expect(await ids(things, { n: { $not: { $gt: 2 } } })).toEqual([1, 2]);
    expect(await ids(things, { $expr: { $eq: [{ $mod: ['$n', 2] }, 1] } })).toEqual([1, 3]);
  });

  it('look into arrays', async () => {
    const things = mongo.collection();
    await things.insertMany([
      {
        _id: 1,
        tags: ['a', 'b'],
        items: [
          { k: 1, v: 1 },
          { k: 2, v: 5 },
        ],
      },
      { _id: 2, tags: [], items: [{ k: 1, v: 5 }] },
      { _id: 3, tags: 'a' },
    ]);
    expect(await ids(things, { tags: 'a' })).toEqual([1, 3]);
    expect(await ids(things, { tags: ['a', 'b'] })).toEqual([1]);
    expect(await ids(things, { tags: { $all: ['a', 'b'] } })).toEqual([1]);
    expect(await ids(things, { tags: { $size: 0 } })).toEqual([2]);
    expect(await ids(things, { 'items.k': 1 })).toEqual([1, 2]);
    expect(await ids(things, { items: { $elemMatch: { k: 1, v: 5 } } })).toEqual([2]);
    await things.createIndex({ tags: 1 });
    expect(await ids(things, { tags: 'a' })).toEqual([1, 3]);
    expect(await ids(things, { tags: { $gte: 'b' } })).toEqual([1]);
  });

  it('match patterns', async () => {
    const things = mongo.collection();
    await things.insertMany([{ _id: 'acc-1' }, { _id: 'acc-2' }, { _id: 'per-1' }]);
    expect(await ids(things, { _id: /^acc/ })).toEqual(['acc-1', 'acc-2']);
    expect(await ids(things, { _id: { $regex: 'ACC-1', $options: 'i' } })).toEqual(['acc-1']);
  });

  it('of unknown operators are refused', async () => {
    await expect(
      mongo
        .collection()
        .find({ a: { $noSuch: 1 } })
        .toArray(),
    ).rejects.toMatchObject({ code: 2 });
    await expect(mongo.collection().find({ $noSuch: 1 }).toArray()).rejects.toMatchObject({ code: 2 });
  });
});

describe('results', () => {
  it('show the fields that are asked for', async () => {
    const things = mongo.collection();
    await things.insertOne({ _id: 1, a: 1, b: { c: 2, d: 3 }, e: [{ f: 1, g: 2 }] });
    const shown = (projection: object) => things.findOne({}, { projection });
    expect(await shown({ a: 1 })).toEqual({ _id: 1, a: 1 });
    expect(await shown({ _id: 0, 'b.c': 1, 'e.g': 1 })).toEqual({ b: { c: 2 }, e: [{ g: 2 }] });
    expect(await shown({ a: 0, 'b.d': 0 })).toEqual({ _id: 1, b: { c: 2 }, e: [{ f: 1, g: 2 }] });
    expect(await shown({ _id: 0, sum: { $add: ['$a', '$b.c'] } })).toEqual({ sum: 3 });
  });

  it('come in batches through a cursor', async () => {
    const things = mongo.collection();
    await things.insertMany(Array.from({ length: 250 }, (_, _id) => ({ _id })));
    const all = await things.find().sort({ _id: 1 }).batchSize(40).toArray();
    expect(all.map(({ _id }) => _id)).toEqual(Array.from({ length: 250 }, (_, i) => i));
    const window = await things.find().sort({ _id: -1 }).skip(10).limit(120).toArray();
    expect(window.map(({ _id }) => _id)).toEqual(Array.from({ length: 120 }, (_, i) => 239 - i));
  });

  it('are fetched no further once a cursor is closed', async () => {
    const things = mongo.collection();
    await things.insertMany(Array.from({ length: 50 }, (_, _id) => ({ _id })));
    const cursor = things.find().batchSize(5);
    await cursor.next();
    const id = cursor.id;
    await cursor.close();
    const more = things.db.command({ getMore: id, collection: things.collectionName });
    await expect(more).rejects.toMatchObject({ code: 43 });
  });

  it('of a batch are bounded in bytes', async () => {
    const things = mongo.collection();
    const bytes = new Binary(Buffer.alloc(1024 * 1024));
    for (let _id = 0; _id < 20; _id++) await things.insertOne({ _id, bytes });
    expect(await things.find().toArray()).toHaveLength(20);
  });

  it('are counted, and told apart', async () => {
    const things = mongo.collection();
    await things.insertMany([{ a: 2 }, { a: 1n }, { a: [1, 3] }, {}]);
    expect(await things.countDocuments({ a: 1 })).toBe(2);
    expect(await things.estimatedDocumentCount()).toBe(4);
    expect((await things.distinct('a')).map(Number)).toEqual([1, 2, 3]);
  });

  it('are added up by groups, exactly', async () => {
    const things = mongo.collection();
    await things.insertMany([
      { kind: 'a', n: 2n ** 60n },
      { kind: 'b', n: 5n },
      { kind: 'a', n: 1n },
    ]);
    const pipeline = [
      { $match: { n: { $gt: 0 } } },
      { $group: { _id: '$kind', total: { $sum: '$n' }, count: { $sum: 1 }, most: { $max: '$n' } } },
      { $sort: { _id: 1 } },
      { $project: { _id: 0, kind: '$_id', total: 1, count: 1 } },
    ];
    expect(await things.aggregate(pipeline).toArray()).toEqual([
      { kind: 'a', total: 2n ** 60n + 1n, count: 2 },
      { kind: 'b', total: 5n, count: 1 },
    ]);
  });
});

describe('a query of 100,000 documents', () => {
  let things: Things;

  /** Documents that the server had to look at. */
  async function examined(filter: object, sort: Record<string, 1 | -1>): Promise<number> {
    const plan = await things.find(filter).sort(sort).limit(20).explain('executionStats');
    return Number(plan.executionStats.totalDocsExamined);
  }

  beforeAll(async () => {
    things = mongo.collection();
    await things.createIndex({ owner: 1, amount: 1, _id: 1 });
    await things.createIndex({ amount: -1, _id: -1 }, { partialFilterExpression: { deleted: false } });
    const documents = Array.from({ length: 100_000 }, (_, i) => ({
      _id: `d${String(i).padStart(6, '0')}`,
      owner: `o${i % 50}`,
      amount: BigInt((i * 7919) % 100_003),
      deleted: i % 10 === 0,
    }));
    for (let from = 0; from < documents.length; from += 10_000) {
      await things.insertMany(documents.slice(from, from + 10_000), { ordered: false });
    }
  }, 60_000);

  it('by id looks at one', async () => {
    expect(await examined({ _id: 'd050000' }, {})).toBe(1);
  });

  it('by equality, range and order walks along an index, both ways', async () => {
    const filter = { owner: 'o7', amount: { $gte: 1000n, $lt: 90_000n } };
    expect(await examined(filter, { amount: 1, _id: 1 })).toBeLessThanOrEqual(21);
    expect(await examined(filter, { amount: -1, _id: -1 })).toBeLessThanOrEqual(21);
    expect(
      await examined({ owner: 'o7', amount: 5000n, _id: { $gt: 'd1' } }, { _id: 1 }),
    ).toBeLessThanOrEqual(21);
  });

  it('that says what a partial index is limited to walks along it', async () => {
    const filter = { deleted: { $eq: false }, amount: { $lt: 50_000n } };
    expect(await examined(filter, { amount: -1, _id: -1 })).toBeLessThanOrEqual(21);
    expect(await examined({ deleted: false }, { amount: 1, _id: 1 })).toBeLessThanOrEqual(21);
  });

  it('by ids in a range walks along the ids, from the narrower of two bounds', async () => {
    expect(await examined({ _id: { $gte: '', $gt: 'd090000' } }, { _id: 1 })).toBeLessThanOrEqual(21);
    expect(await examined({ _id: { $lt: 'd090000', $gte: 'd080000' } }, { _id: -1 })).toBeLessThanOrEqual(21);
  });

  it('by several values looks at theirs alone', async () => {
    expect(await examined({ _id: { $in: ['d000001', 'd099999', 'none'] } }, {})).toBe(2);
  });

  it('finds along an index what it finds without one', async () => {
    const filter = { owner: 'o7', amount: { $gt: 1000n, $lte: 60_000n } };
    const along = await things.find(filter).sort({ amount: -1, _id: -1 }).toArray();
    const scanned = await things
      .find(filter, { hint: { _id: 1 } })
      .sort({ amount: -1, _id: -1 })
      .toArray();
    expect(along).toHaveLength(scanned.length);
    expect(along).toEqual(scanned);
  });
});

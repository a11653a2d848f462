import { MongoServerError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { useMongo } from './use-mongo.ts';

const mongo = useMongo();

describe('a transaction', () => {
  it('is seen by nobody else until it commits, and then whole', async () => {
    const [things, others] = [mongo.collection(), mongo.collection()];
    await things.insertOne({ _id: 1, n: 1 });
    await others.insertOne({ _id: 1 });
    await mongo.client.withSession(async (session) => {
      session.startTransaction();
      await things.updateOne({ _id: 1 }, { $set: { n: 2 } }, { session });
      await things.insertOne({ _id: 2 }, { session });
      await others.deleteOne({ _id: 1 }, { session });
      expect(await things.findOne({ _id: 1 }, { session })).toEqual({ _id: 1, n: 2 });
      expect(await things.find().toArray()).toEqual([{ _id: 1, n: 1 }]);
      expect(await others.countDocuments()).toBe(1);
      await session.commitTransaction();
    });
    expect(await things.find().sort({ _id: 1 }).toArray()).toEqual([{ _id: 1, n: 2 }, { _id: 2 }]);
    expect(await others.countDocuments()).toBe(0);
  });

  it('leaves nothing behind where it is aborted', async () => {
    const things = mongo.collection();
    await things.createIndex({ name: 1 }, { unique: true });
    await things.insertMany([
      { _id: 1, name: 'a' },
      { _id: 2, name: 'b' },
    ]);
    await mongo.client.withSession(async (session) => {
      session.startTransaction();
      await things.updateOne({ _id: 1 }, { $set: { name: 'c' } }, { session });
      await things.deleteOne({ _id: 2 }, { session });
      await things.insertOne({ _id: 3, name: 'b' }, { session });
      await session.abortTransaction();
    });
    expect(await things.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, name: 'a' },
      { _id: 2, name: 'b' },
    ]);
    await things.insertOne({ _id: 3, name: 'c' });
  });

  it('is aborted by a refused write', async () => {
    const things = mongo.collection();
    await things.insertOne({ _id: 1 });
    await mongo.client.withSession(async (session) => {
      session.startTransaction();
      await things.insertOne({ _id: 2 }, { session });
      await expect(things.insertOne({ _id: 1 }, { session })).rejects.toMatchObject({ code: 11000 });
      await expect(things.insertOne({ _id: 3 }, { session })).rejects.toMatchObject({ code: 251 });
    });
    expect(await things.countDocuments()).toBe(1);
  });

  it('that changes what another one holds is told to try again', async () => {
    const things = mongo.collection();
    await things.insertOne({ _id: 1, n: 0 });
    await mongo.client.withSession(async (first) => {
      await mongo.client.withSession(async (second) => {
        first.startTransaction();
        second.startTransaction();
        await things.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: first });
        const clash: unknown = await things
          .updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: second })
          .catch((error: unknown) => error);
        expect(clash).toMatchObject({ code: 112 });
        expect(clash instanceof MongoServerError && clash.hasErrorLabel('TransientTransactionError')).toBe(
          true,
        );
        await first.commitTransaction();
      });
    });
    expect(await things.findOne()).toEqual({ _id: 1, n: 1 });
  });

  it('that is tried again by the driver counts once', async () => {
    const things = mongo.collection();
    await things.insertOne({ _id: 1, n: 0 });
    const increment = () =>
      mongo.client.withSession((session) =>
        session.withTransaction(async () => {
          const found = await things.findOne({ _id: 1 }, { session });
          await things.updateOne({ _id: 1 }, { $set: { n: Number(found?.n) + 1 } }, { session });
        }),
      );
    await Promise.all(Array.from({ length: 5 }, increment));
    expect(await things.findOne()).toEqual({ _id: 1, n: 5 });
  });

  it('holds up a write outside to what it has changed until it ends', async () => {
    const things = mongo.collection();
    await things.insertOne({ _id: 1, n: 0 });
    await mongo.client.withSession(async (session) => {
      session.startTransaction();
      await things.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session });
      let ended = false;
      const outside = things.updateOne({ _id: 1 }, { $inc: { n: 10 } }).then(() => {
        ended = true;
      });
      await things.findOne({}, { session });
      expect(ended).toBe(false);
      await session.commitTransaction();
      await outside;
    });
    expect(await things.findOne()).toEqual({ _id: 1, n: 11 });
  });

  it('sees everything as it was when it began', async () => {
    const things = mongo.collection();
    await things.insertMany([{ _id: 1, n: 1 }, { _id: 2 }]);
    await mongo.client.withSession(async (session) => {
      session.startTransaction({ readConcern: { level: 'snapshot' } });
      expect(await things.countDocuments({}, { session })).toBe(2);
      await things.updateOne({ _id: 1 }, { $set: { n: 2 } });
      await things.deleteOne({ _id: 2 });
      await things.insertOne({ _id: 3 });
      expect(await things.find({}, { session }).sort({ _id: 1 }).toArray()).toEqual([
        { _id: 1, n: 1 },
        { _id: 2 },
      ]);
      // What has changed since cannot be changed from here, even where the filter no longer holds.
      await expect(things.updateOne({ _id: 1, n: 1 }, { $set: { n: 9 } }, { session })).rejects.toMatchObject(
        { code: 112 },
      );
    });
    expect(await things.find().sort({ _id: 1 }).toArray()).toEqual([{ _id: 1, n: 2 }, { _id: 3 }]);
  });
});

describe('a session of one moment', () => {
  it('reads everything as it was at its first read', async () => {
    const things = mongo.collection();
    const others = mongo.collection();
    await things.createIndex({ n: 1 });
    await things.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    await others.insertOne({ _id: 1 });
    const session = mongo.client.startSession({ snapshot: true });
    expect(await things.countDocuments({}, { session })).toBe(2);
    await things.updateOne({ _id: 1 }, { $set: { n: 3 } });
    await things.deleteOne({ _id: 2 });
    await others.insertOne({ _id: 2 });
    expect(await things.find({}, { session }).sort({ n: 1 }).toArray()).toEqual([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    expect(await things.distinct('n', {}, { session })).toEqual([1, 2]);
    expect(await others.countDocuments({}, { session })).toBe(1);
    await session.endSession();
    expect(await things.find().toArray()).toEqual([{ _id: 1, n: 3 }]);
  });

  it('is not disturbed by transactions that commit meanwhile', async () => {
    const things = mongo.collection();
    await things.insertOne({ _id: 1, n: 1 });
    const session = mongo.client.startSession({ snapshot: true });
    await mongo.client.withSession(async (writing) => {
      writing.startTransaction();
      await things.updateOne({ _id: 1 }, { $set: { n: 2 } }, { session: writing });
      expect(await things.findOne({}, { session })).toEqual({ _id: 1, n: 1 });
      await writing.commitTransaction();
    });
    expect(await things.findOne({}, { session })).toEqual({ _id: 1, n: 1 });
    await session.endSession();
    expect(await things.findOne()).toEqual({ _id: 1, n: 2 });
  });
});

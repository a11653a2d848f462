import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { startMongoDouble } from './mongo-double.ts';
import { useDouble, withDouble } from './use-mongo.ts';

describe.runIf(withDouble)('a connection that is cut', () => {
  const test = useDouble(startMongoDouble);

  it('after the write and before the answer: the driver tries again and the write counts once', async () => {
    await test.things.insertOne({ _id: 1, n: 0n });
    test.double.inject({ fault: { kind: 'cut-after' }, commands: ['update'] });
    expect(await test.things.updateOne({ _id: 1 }, { $inc: { n: 1n } })).toMatchObject({ modifiedCount: 1 });
    expect(await test.things.findOne()).toEqual({ _id: 1, n: 1n });
  });

  it('in a bulk write: the second answer is the first one', async () => {
    test.double.inject({ fault: { kind: 'cut-after' }, commands: ['update'] });
    const upserts = [1, 2].map((_id) => ({
      updateOne: { filter: { _id }, update: { $inc: { n: 1 } }, upsert: true },
    }));
    const result = await test.things.bulkWrite(upserts, { ordered: false });
    expect(result).toMatchObject({ upsertedCount: 2, upsertedIds: { 0: 1, 1: 2 } });
    expect(await test.things.find().toArray()).toEqual([
      { _id: 1, n: 1 },
      { _id: 2, n: 1 },
    ]);
  });

  it('before the write: nothing was done, and the driver does it', async () => {
    test.double.inject({ fault: { kind: 'cut-before' }, commands: ['insert'] });
    await test.things.insertOne({ _id: 1 });
    expect(await test.things.countDocuments()).toBe(1);
  });

  it('twice: the client learns that the outcome is not known', async () => {
    test.double.inject({ fault: { kind: 'cut-after' }, commands: ['insert'], times: 2 });
    await expect(test.things.insertOne({ _id: 1 })).rejects.toMatchObject({ name: 'MongoNetworkError' });
    expect(await test.things.countDocuments()).toBe(1);
  });

  it('hits only the command that is meant, after so many of them', async () => {
    test.double.inject({ fault: { kind: 'cut-after' }, commands: ['insert'], after: 1, times: 2 });
    await test.things.insertOne({ _id: 1 });
    await test.things.findOne();
    await expect(test.things.insertOne({ _id: 2 })).rejects.toMatchObject({ name: 'MongoNetworkError' });
  });
});

describe.runIf(withDouble)('a server that has faults', () => {
  const test = useDouble(startMongoDouble);

  it('is no longer the primary: the driver looks for it and writes once', async () => {
    test.double.inject({ fault: { kind: 'not-primary' }, commands: ['insert'] });
    await test.things.insertOne({ _id: 1 });
    expect(await test.things.countDocuments()).toBe(1);
  });

  it('answers late', async () => {
    await test.things.insertOne({ _id: 1 });
    test.double.inject({ fault: { kind: 'delay', milliseconds: 100 }, commands: ['find'] });
    const started = performance.now();
    await test.things.findOne();
    expect(performance.now() - started).toBeGreaterThan(90);
  });

  it('never answers: the client gives up when its time is over', async () => {
    test.double.inject({ fault: { kind: 'silence' }, commands: ['insert'], times: 2 });
    const hasty = new MongoClient(test.double.connectionString, { socketTimeoutMS: 200 });
    const waiting = hasty.db('test').collection('things').insertOne({ a: 1 });
    await expect(waiting).rejects.toMatchObject({ name: 'MongoNetworkTimeoutError' });
    await hasty.close();
  });

  it('refuses a command with an error of the test', async () => {
    const fault = { kind: 'error', code: 50, codeName: 'MaxTimeMSExpired' } as const;
    test.double.inject({ fault, commands: ['find'] });
    await expect(test.things.findOne()).rejects.toMatchObject({ code: 50 });
    expect(await test.things.findOne()).toBeNull();
  });

  it('refuses connections for a while: a client waits and goes on', async () => {
    await test.things.insertOne({ _id: 1 });
    await test.double.refuse();
    const away = new MongoClient(test.double.connectionString, { serverSelectionTimeoutMS: 200 });
    await expect(away.db('test').collection('things').findOne()).rejects.toThrow();
    await away.close();
    const waiting = test.things.findOne();
    await test.double.accept();
    expect(await waiting).toEqual({ _id: 1 });
  });

  it('keeps its data over a restart on the same port', async () => {
    const { port } = test.double;
    await test.things.createIndex({ name: 1 }, { unique: true });
    await test.things.insertOne({ _id: 1, name: 'a' });
    await test.double.restart(50);
    expect(test.double.port).toBe(port);
    expect(await test.things.findOne()).toEqual({ _id: 1, name: 'a' });
    await expect(test.things.insertOne({ name: 'a' })).rejects.toMatchObject({ code: 11000 });
  });

  it('loses open transactions and cursors over a restart', async () => {
    await test.things.insertMany(Array.from({ length: 20 }, (_, _id) => ({ _id })));
    const cursor = test.things.find().batchSize(5);
    await cursor.next();
    await test.client.withSession(async (session) => {
      session.startTransaction();
      await test.things.insertOne({ _id: 'lost' }, { session });
      await test.double.restart();
      await expect(test.things.insertOne({ _id: 'more' }, { session })).rejects.toThrow();
    });
    await expect(cursor.toArray()).rejects.toMatchObject({ code: 43 });
    expect(await test.things.countDocuments()).toBe(20);
  });

  it('has a clock that the test sets: a lease runs out by it', async () => {
    await test.things.insertOne({ _id: 1 });
    await test.things.updateOne({ _id: 1 }, [
      { $set: { until: { $dateAdd: { startDate: '$$NOW', unit: 'second', amount: 60 } } } },
    ]);
    const over = { $expr: { $lte: ['$until', '$$NOW'] } };
    expect(await test.things.countDocuments(over)).toBe(0);
    test.double.setClockOffset(61_000);
    expect(await test.things.countDocuments(over)).toBe(1);
  });

  it('counts the documents that searches looked at', async () => {
    await test.things.insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
      { _id: 3, a: 2 },
    ]);
    const before = test.double.documentsScanned();
    await test.things.findOne({ _id: 2 });
    expect(test.double.documentsScanned() - before).toBe(1);
    await test.things.find({ a: 2 }).toArray();
    expect(test.double.documentsScanned() - before).toBe(4);
  });
});

describe.runIf(withDouble)('a transaction that is left open', () => {
  const test = useDouble(() => startMongoDouble({ transactionLifetime: 100 }));

  it('is aborted when its time is over, and holds up nobody longer', async () => {
    await test.things.insertOne({ _id: 1, n: 1 });
    const session = test.client.startSession();
    session.startTransaction();
    await test.things.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session });
    await test.things.updateOne({ _id: 1 }, { $inc: { n: 10 } });
    expect(await test.things.findOne()).toEqual({ _id: 1, n: 11 });
    await expect(session.commitTransaction()).rejects.toMatchObject({ code: 251 });
    await session.endSession();
  });
});

describe.runIf(withDouble)('a commit whose answer is lost', () => {
  const test = useDouble(startMongoDouble);

  it('is asked for again by the driver, and happens once', async () => {
    await test.things.insertOne({ _id: 1, n: 1 });
    const session = test.client.startSession();
    session.startTransaction();
    await test.things.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session });
    test.double.inject({ fault: { kind: 'cut-after' }, commands: ['commitTransaction'] });
    await session.commitTransaction();
    await session.endSession();
    expect(await test.things.findOne()).toEqual({ _id: 1, n: 2 });
  });
});

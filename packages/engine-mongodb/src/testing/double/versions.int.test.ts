import { type ClientBulkWriteModel, MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MongoDouble, startMongoDouble } from './mongo-double.ts';
import { type AnyDocument, withDouble } from './use-mongo.ts';

describe.runIf(withDouble)('a server of version 8', () => {
  let double: MongoDouble;
  let client: MongoClient;

  beforeAll(async () => {
    double = await startMongoDouble({ version: 8 });
    client = new MongoClient(double.connectionString);
  });
  afterAll(async () => {
    await client.close();
    await double.stop();
  });

  it('writes to several collections in one command, and tells each refusal by its place', async () => {
    const models: ClientBulkWriteModel<Record<string, AnyDocument>>[] = [
      { namespace: 'test.a', name: 'insertOne', document: { _id: 1 } },
      { namespace: 'test.b', name: 'insertOne', document: { _id: 1 } },
      { namespace: 'test.a', name: 'insertOne', document: { _id: 1 } },
      { namespace: 'test.b', name: 'updateOne', filter: { _id: 1 }, update: { $set: { n: 1 } } },
      {
        namespace: 'test.b',
        name: 'updateOne',
        filter: { _id: 2 },
        update: { $set: { n: 2 } },
        upsert: true,
      },
      { namespace: 'test.a', name: 'deleteMany', filter: {} },
    ];
    const failure: unknown = await client
      .bulkWrite<Record<string, AnyDocument>>(models, { ordered: false })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      partialResult: {
        insertedCount: 2,
        matchedCount: 1,
        modifiedCount: 1,
        upsertedCount: 1,
        deletedCount: 1,
      },
    });
    expect(failure).toHaveProperty('writeErrors', new Map([[2, expect.objectContaining({ code: 11000 })]]));
    expect(await client.db('test').collection('b').countDocuments()).toBe(2);
  });

  it('answers the result of each statement where the client asks for it', async () => {
    const upsert = { name: 'updateOne', filter: { a: 1 }, update: { $set: { n: 1 } }, upsert: true } as const;
    const result = await client.bulkWrite([{ namespace: 'test.c', ...upsert }], { verboseResults: true });
    expect(result.updateResults?.get(0)).toMatchObject({ upsertedId: expect.anything() });
  });
});

describe.runIf(withDouble)('a server of version 7', () => {
  it('says its version and has no bulk write over several collections', async () => {
    const double = await startMongoDouble();
    const client = new MongoClient(double.connectionString);
    const info = await client.db('admin').command({ buildInfo: 1 });
    expect(String(info.version)).toMatch(/^7\./);
    await expect(client.db('admin').command({ bulkWrite: 1, ops: [], nsInfo: [] })).rejects.toMatchObject({
      code: 59,
    });
    await client.close();
    await double.stop();
  });
});

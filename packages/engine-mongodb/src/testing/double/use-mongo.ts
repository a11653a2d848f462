import { randomUUID } from 'node:crypto';
import { type Collection, type Document, MongoClient, type MongoClientOptions } from 'mongodb';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startTestMongo, type TestMongo } from '../test-mongo.ts';
import type { MongoDouble } from './mongo-double.ts';

/** Documents of tests have ids of any type. */
export interface AnyDocument extends Document {
  _id?: number | bigint | string | RegExp | number[];
}

/** A client of the official driver, for the tests of one file. */
export interface UsedMongo {
  readonly client: MongoClient;
  /** A collection that no other test uses. */
  collection(): Collection<AnyDocument>;
}

/** The tests of the file run against the double, or against the server that `OPENBANK_TEST_MONGODB` names. */
export function useMongo(options: MongoClientOptions = {}): UsedMongo {
  let mongo: TestMongo | undefined;
  let client: MongoClient | undefined;

  beforeAll(async () => {
    mongo = await startTestMongo();
    client = new MongoClient(mongo.connectionString, { useBigInt64: true, ...options });
  });
  afterAll(async () => {
    await client?.close();
    await mongo?.stop();
  });

  const connected = () => {
    if (client === undefined) throw new Error('the client is there within tests only');
    return client;
  };
  return {
    get client() {
      return connected();
    },
    collection: () => connected().db().collection<AnyDocument>(randomUUID()),
  };
}

/** Whether the tests run against the double: only there faults can be injected. */
export const withDouble = !process.env.OPENBANK_TEST_MONGODB;

/** A double of its own for each test, which faults may change. */
export function useDouble(start: () => Promise<MongoDouble>): {
  readonly double: MongoDouble;
  readonly client: MongoClient;
  readonly things: Collection<AnyDocument>;
} {
  const clients: MongoClient[] = [];
  let double: MongoDouble | undefined;

  beforeEach(async () => {
    const started = await start();
    const client = new MongoClient(started.connectionString, { useBigInt64: true });
    clients.push(client);
    double = started;
    return async () => {
      await client.close();
      await started.stop();
    };
  });

  const client = () => {
    const last = clients.at(-1);
    if (last === undefined) throw new Error('the client is there within tests only');
    return last;
  };
  return {
    get double() {
      if (double === undefined) throw new Error('the double is there within tests only');
      return double;
    },
    get client() {
      return client();
    },
    get things() {
      return client().db('test').collection<AnyDocument>('things');
    },
  };
}

import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { type MongoDouble, startMongoDouble } from './double/mongo-double.ts';

/** A MongoDB for one test or one file: the double, or a database of its own on a real server. */
export interface TestMongo {
  /** With the name of a database that nobody else uses. */
  readonly connectionString: string;
  /** Faults can be injected here. None with a real server. */
  readonly double?: MongoDouble;
  /** Leaves nothing behind. */
  stop(): Promise<void>;
}

/** Where `OPENBANK_TEST_MONGODB` holds the address of a real server, that one is used. */
export async function startTestMongo(): Promise<TestMongo> {
  const real = process.env.OPENBANK_TEST_MONGODB;
  const database = `openbank-test-${randomUUID()}`;
  if (real !== undefined && real !== '') return onRealServer(withDatabase(real, database));
  const double = await startMongoDouble();
  return { connectionString: withDatabase(double.connectionString, database), double, stop: double.stop };
}

function withDatabase(address: string, database: string): string {
  const url = new URL(address);
  url.pathname = `/${database}`;
  return url.href;
}

function onRealServer(connectionString: string): TestMongo {
  return {
    connectionString,
    async stop() {
      const client = new MongoClient(connectionString);
      try {
        await client.db().dropDatabase();
      } finally {
        await client.close();
      }
    },
  };
}

import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';

/**
 * Works on a database that nobody else uses, and drops it in the end.
 *
 * @param use - told the address of the database, for the engine, and given a driver as durable as the engine is
 */
export async function withDatabase<Result>(
  address: string,
  use: (connectionString: string, driver: MongoClient) => Promise<Result>,
): Promise<Result> {
  const url = new URL(address);
  url.pathname = `/openbank-bench-${randomUUID()}`;
  const driver = new MongoClient(url.href, {
    w: 'majority',
    journal: true,
    readConcernLevel: 'majority',
    useBigInt64: true,
  });
  try {
    return await use(url.href, driver);
  } finally {
    await driver.db().dropDatabase();
    await driver.close();
  }
}

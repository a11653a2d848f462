import { randomUUID } from 'node:crypto';
import { connectMongo, openMongoReadModelStore } from '@openbank/engine-mongodb';
import { type Comparison, compared } from '../engines/compared.ts';
import { APPLY, GET, indexed, LIST, type MongoSides, mongoContenders } from '../engines/mongo-contenders.ts';
import { withDatabase } from '../engines/mongo-database.ts';
import type { Row as MongoRow } from '../engines/mongo-documents.ts';
import { spentInRounds } from '../engines/spent.ts';
import { startStoreServer } from '../engines/store-server.ts';
import type { Benchmark, Row, Scale } from '../runner/benchmark.ts';

/** The read models on MongoDB against its driver alone: the same documents on the same server in the same run. */
export const mongodbBenchmark: Benchmark = {
  part: 'mongodb',
  about: 'read models of the MongoDB engine against its driver alone, on one server or look-alike',
  onRequest: true,
  async run(scale) {
    const server = await startStoreServer('mongodb');
    try {
      return await withDatabase(server.connectionString, async (connectionString, driver) => {
        const connection = await connectMongo({ connectionString });
        const store = await openMongoReadModelStore(connection);
        const collection = () => indexed(driver.db().collection<MongoRow>(`by_hand_${randomUUID()}`));
        const rows = await measured(scale, { store, collection }, server.isLookAlike);
        await connection.close();
        return rows;
      });
    } finally {
      await server.stop();
    }
  },
};

async function measured(scale: Scale, sides: MongoSides, isLookAlike: boolean): Promise<readonly Row[]> {
  const load = { batches: Math.ceil(scale.events / 5_000), reads: Math.ceil(scale.events / 100) };
  const spent = await spentInRounds(scale, await mongoContenders(sides, load));
  const rows = (comparison: Comparison) => compared(spent, comparison, isLookAlike);
  return [
    ...rows({ work: APPLY, each: 'a batch' }),
    ...rows({ work: GET, each: 'one' }),
    ...rows({ work: LIST, each: 'a page' }),
  ];
}

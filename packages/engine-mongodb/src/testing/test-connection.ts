import { connectMongo, type MongoConnection, type MongoConnectionOptions } from '../connection/connection.ts';
import { startTestMongo, type TestMongo } from './test-mongo.ts';

/** A database for one test, and connections to it as the program makes them. */
export interface TestDatabase {
  readonly mongo: TestMongo;
  readonly connection: MongoConnection;
  /** Another connection, as another process has one. */
  connect(options?: Partial<MongoConnectionOptions>): Promise<MongoConnection>;
  /** Leaves nothing behind. */
  stop(): Promise<void>;
}

export async function startTestDatabase(
  options: Partial<MongoConnectionOptions> = {},
): Promise<TestDatabase> {
  const mongo = await startTestMongo();
  const made: MongoConnection[] = [];
  const connect: TestDatabase['connect'] = async (more = {}) => {
    const { connectionString } = mongo;
    const connection = await connectMongo({ connectionString, ...options, ...more });
    made.push(connection);
    return connection;
  };
  return {
    mongo,
    connection: await connect(),
    connect,
    async stop() {
      await Promise.all(made.map((connection) => connection.close()));
      await mongo.stop();
    },
  };
}

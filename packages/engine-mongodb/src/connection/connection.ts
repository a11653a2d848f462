import { EventSourcingError } from '@openbank/eventsourcing';
import { type Db, MongoClient, type MongoClientOptions } from 'mongodb';
import { connectError } from './connect-error.ts';
import { databaseNameOf, redacted } from './connection-string.ts';
import { misconfigured } from './misconfigured.ts';
import { toStoreError } from './mongo-error.ts';
import { checkServer } from './server-check.ts';

export interface MongoConnectionOptions {
  /** `mongodb://` or `mongodb+srv://`; the database is its path, `openbank` where it has none. */
  readonly connectionString: string;
  /**
   * Milliseconds that MongoDB may take to answer one call. Default 5,000. Whoever counts all documents of large read
   * models, as verifying does, needs more.
   */
  readonly patience?: number;
  /** Connections at most. Default 20. */
  readonly poolSize?: number;
  /** Calls at most that are under way or wait for a connection; more are refused at once. Default 1,000. */
  readonly mostCalls?: number;
}

/** One client of one database, which all stores of a process share. */
export interface MongoConnection {
  readonly database: Db;
  readonly client: MongoClient;
  /** For each read: nothing runs on after its caller has given up. */
  readonly reading: { readonly maxTimeMS: number };
  /**
   * Does a piece of work on the database and tells the driver's errors in the words of the ports.
   *
   * @throws EventSourcingError `overloaded` - too many calls are under way
   */
  told<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Ends what is under way with `store-unavailable`. Stores are not closed one by one. */
  close(): Promise<void>;
}

/** Milliseconds to find the primary, and to get a connection to it. A primary that is lost is replaced in some seconds. */
const FINDING = 2_000;

/**
 * Connects to MongoDB. All that is written is on the disks of a majority when it is answered, all that is read comes from
 * the primary and will not be rolled back, whatever the connection string says.
 *
 * @throws EventSourcingError `store-unavailable` - it does not answer
 * @throws EventSourcingError `store-misconfigured` - the connection string is wrong, or the server refuses the user, is older
 *   than 7.0 or no replica set. No message holds user or password
 */
export async function connectMongo(options: MongoConnectionOptions): Promise<MongoConnection> {
  const { connectionString, mostCalls = 1_000, patience = 5_000 } = options;
  const client = createClient(connectionString, clientOptions(options));
  const database = client.db(databaseNameOf(connectionString));
  try {
    await client.connect();
    await checkServer(client.db('admin'));
  } catch (error) {
    await client.close();
    throw connectError(connectionString, error);
  }
  return {
    client,
    database,
    reading: { maxTimeMS: patience },
    told: createTold(mostCalls),
    close: () => client.close(),
  };
}

function clientOptions({ patience = 5_000, poolSize = 20 }: MongoConnectionOptions): MongoClientOptions {
  return {
    appName: 'openbank',
    w: 'majority',
    journal: true,
    wtimeoutMS: patience,
    readPreference: 'primary',
    readConcernLevel: 'majority',
    // Integers of documents have 64 bits: never a double.
    useBigInt64: true,
    maxPoolSize: poolSize,
    serverSelectionTimeoutMS: FINDING,
    connectTimeoutMS: FINDING,
    waitQueueTimeoutMS: FINDING,
    // A server that is there and does not answer is given up by its monitor after two of these.
    heartbeatFrequencyMS: FINDING,
    // The server gives up first, and says so.
    socketTimeoutMS: patience + 1_000,
  };
}

/** What the driver says about a connection string that it cannot read holds it, with its password. */
function createClient(connectionString: string, options: MongoClientOptions): MongoClient {
  try {
    return new MongoClient(connectionString, options);
  } catch {
    throw misconfigured(
      `${redacted(connectionString)} is no connection string of MongoDB, or has an option that the driver does not know: percent-encode user and password.`,
    );
  }
}

function createTold(mostCalls: number): MongoConnection['told'] {
  let calls = 0;
  return async (work) => {
    if (calls >= mostCalls) {
      throw new EventSourcingError(
        'overloaded',
        `${mostCalls} calls to MongoDB are under way: ask again in a moment.`,
      );
    }
    calls++;
    try {
      return await work();
    } catch (error) {
      throw toStoreError(error);
    } finally {
      calls--;
    }
  };
}

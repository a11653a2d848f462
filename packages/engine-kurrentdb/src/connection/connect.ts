import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { EventSourcingError } from '@openbank/eventsourcing';
import { type ConnectionString, readConnectionString } from './connection-string.ts';
import { misconfigured } from './misconfigured.ts';
import { checkServer } from './server-check.ts';
import { toReadError } from './store-error.ts';
import { closeChannel } from './stub-call.ts';
import { within } from './within.ts';

/** A KurrentDB that has been reached, and found new enough. Event store, snapshots and verification can share one. */
export interface KurrentConnection {
  readonly client: KurrentDBClient;
  /** Such as `26.1.0`. */
  readonly serverVersion: string;
  /** The connection string without its password, for logs. */
  readonly shown: string;
  /** Aborted, with `store-unavailable`, once it is closed: what runs on it without end ends then. */
  readonly closed: AbortSignal;
  /** Ends what runs on it, and the client's connection. Stores that use it are closed before. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Gives up. */
  readonly signal?: AbortSignal;
  /** Milliseconds after which a server that does not answer counts as away. Default 10,000. */
  readonly timeout?: number;
}

/**
 * Connects, and looks at once whether the server can be used: a server that is away is an error now, and not at the first
 * command. Whoever wants to wait for it calls again: each call makes a new client.
 *
 * @throws EventSourcingError `store-misconfigured` - the connection string is wrong, the server is too old or does not let the
 *   user in: somebody has to change that
 * @throws EventSourcingError `store-unavailable` - it cannot be reached
 * @throws the signal's reason
 */
export async function connect(
  connectionString: string,
  { signal, timeout = 10_000 }: ConnectOptions = {},
): Promise<KurrentConnection> {
  const read = readConnectionString(connectionString);
  const { shown } = read;
  const client = createClient(read);
  const closing = new AbortController();
  const close = async () => {
    closing.abort(closedError());
    await closeClient(client);
  };
  try {
    const serverVersion = await within(check(client), `connect to ${shown}`, { timeout, signal });
    return { client, serverVersion, shown, closed: closing.signal, close };
  } catch (error) {
    await closeClient(client);
    if (signal?.aborted) throw error;
    throw toReadError(error, `connect to ${shown}`);
  }
}

async function check(client: KurrentDBClient): Promise<string> {
  const version = await checkServer(client);
  await warmReads(client);
  return version;
}

/** A client whose first read finds the server gone never reads again, also when it is back; one that has read once does. */
async function warmReads(client: KurrentDBClient): Promise<void> {
  for await (const _ of client.readAll({ maxCount: 1 }));
}

function createClient({ text, credentials }: ConnectionString): KurrentDBClient {
  try {
    const client = KurrentDBClient.connectionString(text);
    // From the connection string, reads would send them percent-encoded: as another password.
    if (credentials !== undefined) client.setCredentialsProvider(async () => credentials);
    return client;
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw misconfigured(
      `The client of KurrentDB does not take the connection string: ${what} Check hosts, options and the files of certificates that it names.`,
    );
  }
}

function closedError(): EventSourcingError {
  return new EventSourcingError('store-unavailable', 'The connection to KurrentDB is closed: connect again.');
}

async function closeClient(client: KurrentDBClient): Promise<void> {
  await client.dispose();
  // Where a cluster is away, the client would look for it once more.
  await within(closeChannel(client), 'close the connection', { timeout: 1_000 }).catch(() => {});
}

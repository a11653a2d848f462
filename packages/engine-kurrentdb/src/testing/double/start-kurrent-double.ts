import { createAppender } from './appending/appender.ts';
import { type Connections, createConnections } from './connections.ts';
import { createFaults, type Faults } from './faults.ts';
import { createStore } from './log/store.ts';
import { createGroups } from './persistent/groups.ts';
import { createServer } from './server.ts';

/** What a KurrentDB test double is started with. */
export interface KurrentDoubleOptions {
  /** The loopback port; a free one by default. */
  readonly port?: number;
  /** The server version that clients are told. */
  readonly version?: string;
}

/**
 * A server in this process that speaks KurrentDB's protocol to the unmodified client library, with its data in
 * memory. What it keeps of a real server's behaviour stands in docs/engines/conformance.md.
 */
export interface KurrentDouble {
  readonly connectionString: string;
  readonly faults: Faults;
  /** Breaks every connection and refuses new ones, as a server that is down. */
  goDown(): Promise<void>;
  /** Comes back on the same port, with the same data. */
  comeBack(): Promise<void>;
  /** Goes down and comes back: subscriptions end with an error, the ids of recent events are forgotten. */
  restart(): Promise<void>;
  /** Ends the server for good. */
  stop(): Promise<void>;
}

/** What the double was written after. */
const VERSION = '26.1.0';

/** Starts a double on loopback. */
export const startKurrentDouble = async ({
  port = 0,
  version = VERSION,
}: KurrentDoubleOptions = {}): Promise<KurrentDouble> => {
  const { faults, plan } = createFaults(version);
  const store = createStore();
  const groups = createGroups(store);
  const append = createAppender(plan, (peer) => connections.cut(peer));
  const server = createServer(store, groups, append, plan, () => connections.port());
  const connections: Connections = createConnections(server, port);
  await connections.listen();
  const goDown = async () => {
    await connections.close();
    store.forgetRecentIds();
    groups.restart(false);
  };
  return {
    connectionString: `kurrentdb://127.0.0.1:${connections.port()}?tls=false`,
    faults,
    goDown,
    comeBack: connections.listen,
    restart: async () => {
      await goDown();
      await connections.listen();
    },
    stop: async () => {
      await connections.close();
      server.forceShutdown();
    },
  };
};

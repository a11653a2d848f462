import type { ServerState, ServerVersion } from './commands/context.ts';
import { createCursors } from './commands/cursors.ts';
import { createFaults, type FaultRule } from './faults/faults.ts';
import { listen } from './listener.ts';
import { createResponder } from './respond.ts';
import { createRetries } from './sessions/retries.ts';
import { createTransactions } from './sessions/transactions.ts';
import { createStore } from './storage/store.ts';
import { serveConnection } from './wire/connection.ts';

/** A server of our own that answers as a MongoDB primary does; docs/engines/conformance.md says how far. */
export interface MongoDouble {
  readonly connectionString: string;
  readonly port: number;
  /** Makes commands go wrong. */
  inject(rule: FaultRule): void;
  /** Forgets faults that have not happened. */
  clearFaults(): void;
  /** Cuts all connections and accepts none, until `accept`. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  /** Goes away and comes back on the same port: data and answers of retryable writes stay, all else is lost. */
  restart(downMilliseconds?: number): Promise<void>;
  /** Milliseconds by which the server's clock is ahead. */
  setClockOffset(milliseconds: number): void;
  /** Documents that all searches so far had to look at: few where an index was used. */
  documentsScanned(): number;
  stop(): Promise<void>;
}

export interface MongoDoubleOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Default 7. The older ones are there to be refused. */
  readonly version?: Version;
  /** Whether it says that it is a member of a replica set. Default true. */
  readonly inSet?: boolean;
  /** Milliseconds after which an open transaction is aborted. Default 60,000, as a server has it. */
  readonly transactionLifetime?: number;
}

type Version = 4 | 6 | 7 | 8;

/** Source of the wire versions: the server's `wire_version.h`. */
const VERSIONS: Readonly<Record<Version, ServerVersion>> = {
  4: { text: '4.0.28', wire: 7 },
  6: { text: '6.0.19', wire: 17 },
  7: { text: '7.0.12', wire: 21 },
  8: { text: '8.0.4', wire: 25 },
};

export async function startMongoDouble({
  port = 0,
  version = 7,
  inSet = true,
  transactionLifetime = 60_000,
}: MongoDoubleOptions = {}): Promise<MongoDouble> {
  let clockOffset = 0;
  const faults = createFaults();
  const state: ServerState = {
    store: createStore(),
    cursors: createCursors(),
    transactions: createTransactions(transactionLifetime),
    retries: createRetries(),
    counts: { scanned: 0 },
    version: VERSIONS[version],
    inSet,
  };
  const responder = createResponder({ state, faults, clock: () => Date.now() + clockOffset });
  const listener = await listen(port, (socket) => serveConnection(socket, responder));

  return {
    connectionString: `mongodb://127.0.0.1:${listener.port}/?replicaSet=rs0`,
    port: listener.port,
    inject: faults.inject,
    clearFaults: faults.clear,
    refuse: listener.close,
    accept: listener.open,
    async restart(downMilliseconds = 0) {
      await listener.close();
      state.transactions.abortAll();
      state.cursors.killAll();
      await new Promise((resolve) => setTimeout(resolve, downMilliseconds));
      await listener.open();
    },
    setClockOffset(milliseconds) {
      clockOffset = milliseconds;
    },
    documentsScanned: () => state.counts.scanned,
    stop: listener.close,
  };
}

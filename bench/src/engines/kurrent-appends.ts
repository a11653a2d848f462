import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import type { Commit, EventStore } from '@openbank/eventsourcing';
import { CLIENT, contender, ENGINE } from './compared.ts';
import { inFlight } from './in-flight.ts';
import { deposits, requestsOf } from './kurrent-commits.ts';
import { type Spent, spentOn } from './spent.ts';

/** All on one server, each on a connection of its own. */
export interface KurrentSides {
  readonly store: EventStore;
  readonly client: KurrentDBClient;
  /** A client that calls for each append: see `callForEach`. */
  readonly each: KurrentDBClient;
}

export interface AppendLoad {
  readonly appends: number;
  readonly concurrency: number;
}

/** See `callForEach`. */
export const CALL_EACH = 'client with a call for each';

/** Makes an append ready, as far as its caller would have it ready. */
type Prepare = (commit: Commit) => () => Promise<unknown>;

/** The engine's appends and the same through the client: of one event, and of one event with its claim. */
export function appendContenders({ store, client, each }: KurrentSides, load: AppendLoad) {
  const plain = plainAppends(load);
  const claimed = claimedAppends(load);
  const engine: Prepare = (commit) => () => store.append(commit);
  return {
    [contender(CLIENT, plain)]: () => appended(load, false, through(client)),
    [contender(CALL_EACH, plain)]: () => appended(load, false, through(each)),
    [contender(ENGINE, plain)]: () => appended(load, false, engine),
    [contender(CLIENT, claimed)]: () => appended(load, true, together(client)),
    [contender(ENGINE, claimed)]: () => appended(load, true, engine),
  };
}

export function plainAppends({ concurrency }: AppendLoad): string {
  return `appends of one event, ${concurrency} in flight`;
}

export function claimedAppends({ concurrency }: AppendLoad): string {
  return `appends with a claim, ${concurrency} in flight`;
}

async function appended(load: AppendLoad, isClaimed: boolean, prepare: Prepare): Promise<Spent> {
  const { appends, concurrency } = load;
  const run = (count: number) => {
    const calls = deposits(count, isClaimed).map(prepare);
    return () => inFlight(calls, concurrency, (call) => call());
  };
  await run(Math.ceil(appends / 4))();
  return spentOn(appends, run(appends));
}

function through(client: KurrentDBClient): Prepare {
  return (commit) => {
    const [request] = requestsOf(commit);
    if (request === undefined) throw new Error('There is nothing to append.');
    const { streamName, events, expectedState: streamState } = request;
    return () => client.appendToStream(streamName, events, { streamState });
  };
}

function together(client: KurrentDBClient): Prepare {
  return (commit) => {
    const requests = requestsOf(commit);
    return () => client.multiStreamAppend(requests);
  };
}

/**
 * Makes a client as it is with servers that do not take single appends of a process in one shared call, and with credentials:
 * it makes a call for each. So does the engine always, since a call of its own has a deadline, and cannot be broken by
 * another's record that is too large.
 */
export function callForEach(client: KurrentDBClient): KurrentDBClient {
  return Object.defineProperty(client, 'supports', { value: async () => false });
}

import type { CallOptions, Metadata, Client as Stub } from '@grpc/grpc-js';
import type { GRPCClientConstructor, KurrentDBClient } from '@kurrent/kurrentdb-client';
import { within } from './within.ts';

// Members that the client declares as protected: bracket notation is the way that TypeScript leaves to them, with their types.

export interface StubCallOptions {
  /** Milliseconds after which the call fails. */
  readonly deadline: number;
  /** Whether only the leader may answer: what it has acknowledged, it shows. */
  readonly fromLeader?: boolean;
}

/**
 * Runs a call on one of the stubs that the client ships, over its own connection: with its credentials, and a new connection for
 * the next call where the server has gone or is no leader. The client's own readers, in Rust, stall some 40 ms on many small
 * reads, and have no deadline; stubs do neither.
 *
 * @param what - what is done, such as `read stream x`
 */
export function callStub<S extends Stub, Result>(
  client: KurrentDBClient,
  stub: GRPCClientConstructor<S>,
  what: string,
  { deadline, fromLeader = false }: StubCallOptions,
  call: (stub: S, metadata: Metadata, options: CallOptions) => Promise<Result>,
): Promise<Result> {
  // biome-ignore lint/complexity/useLiteralKeys: see above
  const called = client['execute'](stub, what, (ready) =>
    // biome-ignore lint/complexity/useLiteralKeys: see above
    call(ready, ...client['callArguments']({ requiresLeader: fromLeader, deadline })),
  );
  // The deadline of gRPC begins once there is a connection; to find a cluster can take longer.
  return within(called, what, { timeout: deadline + LATENCY_MS });
}

/** For the deadline's own error to arrive. */
const LATENCY_MS = 100;

/**
 * Asks the server what it can do, once and for all. The client asks again after each outage, and where that finds no node of its
 * cluster it keeps that failure: from then on it refuses every append, also when the cluster has long been back.
 */
export async function keepFeatures(client: KurrentDBClient) {
  // biome-ignore lint/complexity/useLiteralKeys: see above
  const features = await client['capabilities'];
  Object.defineProperty(client, 'capabilities', { value: Promise.resolve(features) });
  return features;
}

/** Closes the connection under the client, which its own `dispose` leaves open. */
export async function closeChannel(client: KurrentDBClient): Promise<void> {
  // biome-ignore lint/complexity/useLiteralKeys: see above
  const channel = await client['getChannel']();
  channel.close();
}

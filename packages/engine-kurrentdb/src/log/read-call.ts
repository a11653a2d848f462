import type { ClientReadableStream } from '@grpc/grpc-js';
import { convertToCommandError, ErrorType, type KurrentDBClient } from '@kurrent/kurrentdb-client';
import { StreamsClient } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import type streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import { isType } from '../connection/store-error.ts';
import { callStub } from '../connection/stub-call.ts';
import { onAbort } from './on-abort.ts';
import { patiently } from './patiently.ts';
import type { ReadRequest } from './read-request.ts';

export type ReadMessage = streams.ReadResp;

export interface ReadCallOptions {
  /** What is read, for messages: `read stream x`. */
  readonly what: string;
  /** Milliseconds for the whole call. */
  readonly deadline: number;
  /** Each ends the call, which then rejects with the signal's reason. */
  readonly signals: readonly (AbortSignal | undefined)[];
}

/**
 * Reads until the server has no more to tell, or `take` has enough and says `false`. A call that has been left is
 * cancelled, so that the server stops sending.
 *
 * The leader is asked, always: commands are decided on what is read, and one call goes on where another one ended. Another node
 * can lack what an earlier call has shown; to a reader that knows it to be there, that would look like events of others, to be
 * passed over for ever.
 *
 * @throws the client's errors, and the reason of a signal
 */
export async function readMessages(
  client: KurrentDBClient,
  request: ReadRequest,
  { what, deadline, signals }: ReadCallOptions,
  take: (message: ReadMessage) => boolean,
): Promise<void> {
  const left = await patiently(
    () =>
      callStub(client, StreamsClient, what, { deadline, fromLeader: true }, (stub, metadata, options) =>
        taken(stub.read(request, metadata, options), signals, take),
      ),
    // Nothing has been taken: a node that does not lead sends nothing.
    (error) => isType(convertToCommandError(error), ErrorType.NOT_LEADER),
  );
  if (left !== undefined) throw left.reason;
}

/** Why a call was left before its end, other than for having had enough. No failure of the call, which the client looks at. */
interface Left {
  readonly reason: unknown;
}

function taken(
  call: ClientReadableStream<ReadMessage>,
  signals: ReadCallOptions['signals'],
  take: (message: ReadMessage) => boolean,
): Promise<Left | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Left | undefined>();
  const leave = (left?: Left) => {
    resolve(left);
    call.removeListener('data', receive);
    call.cancel();
  };
  const receive = (message: ReadMessage) => {
    try {
      if (!take(message)) leave();
    } catch (reason) {
      leave({ reason });
    }
  };
  call.on('data', receive);
  call.once('end', () => resolve(undefined));
  // Also after it has been left: a cancelled call says so by an error.
  call.on('error', reject);
  const release = onAbort(signals, (reason) => leave({ reason }));
  return promise.finally(release);
}

import grpc from '@grpc/grpc-js';
import type { Store } from '../log/store.ts';
import { type Failure, failure, handlerThrew } from '../wire/failures.ts';
import { streams } from '../wire/protocol.ts';
import { followAll } from './follow-all.ts';
import { followStream } from './follow-stream.ts';
import { createOutput, type ReadCall } from './output.ts';
import { readAll } from './read-all.ts';
import { type ReadRequest, readRequest } from './read-request.ts';
import { readStream } from './read-stream.ts';

/** The one call for reads and subscriptions, of a stream and of `$all`. */
export const createRead =
  (store: Store) =>
  async (call: ReadCall): Promise<void> => {
    const options = call.request.getOptions() ?? new streams.ReadReq.Options();
    const failed = options.hasUuidOption() ? await answer(store, options, call) : noUuidOption();
    if (call.cancelled) return;
    if (failed === undefined) call.end();
    else call.emit('error', failed);
  };

const noUuidOption = (): Failure =>
  failure(grpc.status.INVALID_ARGUMENT, "'uuidOption' is a required argument");

const answer = async (
  store: Store,
  options: streams.ReadReq.Options,
  call: ReadCall,
): Promise<Failure | undefined> => {
  const request = tryRead(options);
  if (request === undefined) return handlerThrew();
  const { target } = request;
  const output = createOutput(call);
  if (target.kind === 'stream') {
    return await (request.isSubscription ? followStream : readStream)(store, request, target, output);
  }
  return await (request.isSubscription ? followAll : readAll)(store, request, target, output);
};

/** A filter that is no regular expression makes the handler of a real server throw. */
const tryRead = (options: streams.ReadReq.Options): ReadRequest | undefined => {
  try {
    return readRequest(options);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

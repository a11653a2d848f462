import type grpc from '@grpc/grpc-js';

/**
 * The messages of an append, once the client has said that these are all; undefined where it went before. gRPC tells both
 * by the end of the stream, and only a moment later that the call is cancelled: half a request is never written.
 */
export const wholeRequest = <Message>(
  call: grpc.ServerReadableStream<Message, unknown>,
): Promise<readonly Message[] | undefined> => {
  const messages: Message[] = [];
  call.on('data', (message: Message) => void messages.push(message));
  return new Promise((resolve) => {
    call.once('cancelled', () => resolve(undefined));
    call.once('end', () => void afterTwoTurns(() => resolve(call.cancelled ? undefined : messages)));
  });
};

const afterTwoTurns = (then: () => void) => setImmediate(() => setImmediate(then));

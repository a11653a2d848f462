import type grpc from '@grpc/grpc-js';
import type { streams } from '../wire/protocol.ts';
import type { ReadMessage } from '../wire/read-messages.ts';

export type ReadCall = grpc.ServerWritableStream<streams.ReadReq, ReadMessage>;

/** Where a read's messages go: it waits while the client does not take them. */
export interface Output {
  /** Returns a promise only when the client is slower than the messages. */
  send(message: ReadMessage): Promise<void> | undefined;
  isGone(): boolean;
  /** Settles when the client leaves. */
  readonly gone: Promise<void>;
}

export const createOutput = (call: ReadCall): Output => {
  let isGone = call.cancelled;
  const gone = new Promise<void>((resolve) => {
    const leave = () => {
      isGone = true;
      resolve();
    };
    call.once('cancelled', leave);
    call.once('close', leave);
  });
  const drained = () => Promise.race([gone, new Promise<void>((resolve) => call.once('drain', resolve))]);
  return {
    send: (message) => (isGone || call.write(message) ? undefined : drained()),
    isGone: () => isGone,
    gone,
  };
};

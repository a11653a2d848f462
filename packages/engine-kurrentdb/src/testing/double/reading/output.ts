import type grpc from '@grpc/grpc-js';
import type { streams } from '../wire/protocol.ts';
import type { ReadMessage } from '../wire/read-messages.ts';

export type ReadCall = grpc.ServerWritableStream<streams.ReadReq, ReadMessage>;

/** Where a read's messages go: it waits while the client does not take them. */
export interface Output {
  /** Returns a promise only when the client is slower than the messages. */
  send(message: ReadMessage): Promise<void> | undefined;
  isGone(): boolean;
  /** Settles when `wake` is called, or when the client leaves. `start` returns how to stop what would wake. */
  wait(start: (wake: () => void) => () => void): Promise<void>;
}

export const createOutput = (call: ReadCall): Output => {
  // Wakers come and go: a promise that lives as long as the call would keep them all.
  const wakers = new Set<() => void>();
  let isGone = call.cancelled;
  const leave = () => {
    isGone = true;
    for (const wake of [...wakers]) wake();
  };
  call.once('cancelled', leave);
  call.once('close', leave);
  const wait: Output['wait'] = (start) =>
    new Promise((resolve) => {
      if (isGone) return resolve();
      const wake = () => {
        wakers.delete(wake);
        stop();
        resolve();
      };
      wakers.add(wake);
      const stop = start(wake);
    });
  const drained = (wake: () => void) => {
    call.once('drain', wake);
    return () => void call.off('drain', wake);
  };
  return {
    send: (message) => (isGone || call.write(message) ? undefined : wait(drained)),
    isGone: () => isGone,
    wait,
  };
};

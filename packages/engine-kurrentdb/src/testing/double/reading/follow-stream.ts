import { randomUUID } from 'node:crypto';
import type { LogRecord } from '../log/log-record.ts';
import type { Store } from '../log/store.ts';
import { firstVisible, isYoungEnough } from '../log/stream-state.ts';
import { type Failure, handlerThrew, streamDeleted } from '../wire/failures.ts';
import { caughtUpMessage, confirmationMessage } from '../wire/read-messages.ts';
import { createEncoder } from './links.ts';
import type { Output } from './output.ts';
import type { ReadRequest, StreamTarget } from './read-request.ts';

interface Follower {
  readonly store: Store;
  readonly name: string;
  readonly output: Output;
  readonly encode: (record: LogRecord) => Buffer;
  /** The next revision to send. */
  next: number;
  /** The revision that the client is told to have come to, if any. */
  reached: bigint | undefined;
}

/** A subscription to one stream, from behind a revision; returns the failure that it ends with, if any. */
export const followStream = async (
  store: Store,
  request: ReadRequest,
  { name, from }: StreamTarget,
  output: Output,
): Promise<Failure | undefined> => {
  if (name === '') return handlerThrew();
  if (store.isTombstoned(name)) return streamDeleted(name);
  await output.send(confirmationMessage(randomUUID()));
  const next = firstRevision(store, name, from);
  const reached = next > 0 ? BigInt(next) - 1n : undefined;
  const encode = createEncoder(store, request);
  const follower: Follower = { store, name, output, encode, next, reached };
  await catchUp(follower);
  await output.send(caughtUpMessage({ revision: follower.reached }));
  return await goLive(follower);
};

const firstRevision = (store: Store, name: string, from: StreamTarget['from']): number => {
  if (from === 'start') return 0;
  return from === 'end' ? (store.stream(name)?.events.length ?? 0) : Number(from) + 1;
};

/** What the stream's metadata hides is left out, but only here: a live reader gets every event. */
const catchUp = async (follower: Follower): Promise<void> => {
  const stream = follower.store.stream(follower.name);
  if (stream === undefined) return;
  const first = firstVisible(stream);
  for (let event = stream.events[follower.next]; event !== undefined; event = stream.events[follower.next]) {
    if (follower.next >= first && isYoungEnough(stream, event)) {
      await follower.output.send(follower.encode(event));
      follower.reached = event.revision;
    }
    follower.next += 1;
  }
};

const goLive = async (follower: Follower): Promise<Failure | undefined> => {
  const { store, name, output } = follower;
  while (!output.isGone()) {
    const stream = store.stream(name);
    const event = stream?.events[follower.next];
    if (event !== undefined) {
      await output.send(follower.encode(event));
      follower.next += 1;
    } else if (store.isTombstoned(name)) {
      return await sendTombstone(follower);
    } else {
      await output.wait(store.log.onGrowth);
    }
  }
  return undefined;
};

/** A subscriber first gets the tombstone, then the error. */
const sendTombstone = async ({ store, name, output, encode }: Follower): Promise<Failure> => {
  const tombstone = store.log.records.findLast(
    (record) => record.stream === name && record.type === '$streamDeleted',
  );
  if (tombstone !== undefined) await output.send(encode(tombstone));
  return streamDeleted(name);
};

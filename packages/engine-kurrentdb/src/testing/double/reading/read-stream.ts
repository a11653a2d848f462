import grpc from '@grpc/grpc-js';
import type { LogRecord } from '../log/log-record.ts';
import type { Store } from '../log/store.ts';
import {
  firstVisible,
  isSoftDeleted,
  isYoungEnough,
  lastRevision,
  type StreamState,
} from '../log/stream-state.ts';
import { type Failure, failure, handlerThrew, streamDeleted } from '../wire/failures.ts';
import { firstRevisionMessage, lastRevisionMessage, notFoundMessage } from '../wire/read-messages.ts';
import { createEncoder } from './links.ts';
import type { Output } from './output.ts';
import type { ReadRequest, StreamTarget } from './read-request.ts';

/** Answers a read of one stream; returns the failure that it ends with, if any. */
export const readStream = async (
  store: Store,
  request: ReadRequest,
  target: StreamTarget,
  output: Output,
): Promise<Failure | undefined> => {
  const stream = store.stream(target.name);
  const refused = refuse(store, request, target);
  if (refused !== undefined) return refused;
  if (stream === undefined || stream.events.length === 0 || isSoftDeleted(stream)) {
    await output.send(notFoundMessage(target.name));
    return undefined;
  }
  const encode = createEncoder(store, request);
  const events = pick(stream, request, target);
  for (const event of events) {
    const slow = output.send(encode(event));
    if (slow !== undefined) await slow;
  }
  if (request.wantsEnds) await sendEnds(stream, events.length, output);
  return undefined;
};

const refuse = (store: Store, request: ReadRequest, target: StreamTarget): Failure | undefined => {
  if (target.name === '') return handlerThrew();
  if (store.isTombstoned(target.name)) return streamDeleted(target.name);
  if (request.count <= 0) return badArgument('maxCount should be positive.', 'maxCount');
  const isNegative = target.from === 'end' ? !request.backwards : isBeyondInt64(target.from);
  return isNegative ? badArgument('fromEventNumber should be non negative.', 'fromEventNumber') : undefined;
};

/** The protocol's revisions are unsigned, the server's are not. */
const isBeyondInt64 = (from: StreamTarget['from']): boolean =>
  typeof from === 'bigint' && BigInt.asIntN(64, from) < 0n;

const badArgument = (what: string, name: string): Failure =>
  failure(grpc.status.UNKNOWN, `Unexpected ReadStreamResult: Error >> ${what} (Parameter '${name}')`);

const pick = (
  stream: StreamState,
  { backwards, count }: ReadRequest,
  { from }: StreamTarget,
): readonly LogRecord[] => {
  const first = firstVisible(stream);
  const start = startIndex(stream, from);
  const newest = Math.min(start, stream.events.length - 1);
  const range = backwards
    ? stream.events.slice(Math.max(first, newest + 1 - count), newest + 1).reverse()
    : stream.events.slice(Math.max(first, start), Math.max(first, start) + count);
  return range.filter((event) => isYoungEnough(stream, event));
};

const startIndex = ({ events }: StreamState, from: StreamTarget['from']): number => {
  if (from === 'start') return 0;
  return from === 'end' ? events.length : Number(from);
};

/** The ends of the stream, for clients that ask: the first only to one that read nothing. */
const sendEnds = async (stream: StreamState, sent: number, output: Output): Promise<void> => {
  const last = lastRevision(stream);
  if (sent === 0) await output.send(firstRevisionMessage(last + 1n));
  await output.send(lastRevisionMessage(last));
};

import { randomUUID } from 'node:crypto';
import grpc from '@grpc/grpc-js';
import { isBehind, type LogPosition, type LogRecord, positionOf } from '../log/log-record.ts';
import type { Store } from '../log/store.ts';
import { type Failure, failure } from '../wire/failures.ts';
import type { Filter } from '../wire/filter.ts';
import { caughtUpMessage, checkpointMessage, confirmationMessage } from '../wire/read-messages.ts';
import { createEncoder } from './links.ts';
import type { Output } from './output.ts';
import { isReadable } from './read-all.ts';
import type { AllTarget, ReadRequest } from './read-request.ts';

/** A live reader that falls this many records behind is caught up again, and told so again. */
const LIVE_BUFFER = 100;

/** Without a filter there are no checkpoints; the pages then only bound how much is sent between two looks. */
const EVERYTHING: Filter = { matches: () => true, window: 500, checkpointInterval: Number.POSITIVE_INFINITY };

interface Follower {
  readonly store: Store;
  readonly filter: Filter;
  readonly hasCheckpoints: boolean;
  readonly start: LogPosition | undefined;
  readonly output: Output;
  readonly encode: (record: LogRecord) => Buffer;
  /** The index of the next record to look at. */
  next: number;
}

/** A subscription to `$all`, from behind a position; returns the failure that it ends with, if any. */
export const followAll = async (
  store: Store,
  request: ReadRequest,
  { from, filter }: AllTarget,
  output: Output,
): Promise<Failure | undefined> => {
  await output.send(confirmationMessage(randomUUID()));
  if (typeof from === 'object' && !isReadable(store.log, from)) return invalidPosition();
  const follower: Follower = {
    store,
    filter: filter ?? EVERYTHING,
    hasCheckpoints: filter !== undefined,
    start: typeof from === 'object' ? from : undefined,
    output,
    encode: createEncoder(store, request),
    next: firstIndex(store, from),
  };
  while (!output.isGone()) {
    await catchUp(follower);
    await output.send(caughtUpMessage({ position: reached(follower) }));
    await goLive(follower);
  }
  return undefined;
};

const invalidPosition = (): Failure =>
  failure(grpc.status.INVALID_ARGUMENT, 'Trying to read from an invalid position.');

const firstIndex = ({ log }: Store, from: AllTarget['from']): number => {
  if (from === 'start') return 0;
  return from === 'end' ? log.records.length : log.indexAt(from.commit);
};

/** The position of the last record looked at; where there was none, the position asked for. */
const reached = ({ store, next, start }: Follower): LogPosition => {
  const last = store.log.records[next - 1];
  if (start !== undefined && (last === undefined || !isBehind(last, start))) return start;
  return last === undefined ? { commit: 0n, prepare: 0n } : positionOf(last);
};

/**
 * Reads pages of `window` records up to the head. Every `checkpointInterval` pages, and before the end, the client
 * hears how far the last page went: to its last event that matched, or else to its beginning, with prepare 0.
 */
const catchUp = async (follower: Follower): Promise<void> => {
  const { store, filter, output } = follower;
  let pages = 0;
  let unsaid: LogPosition | undefined;
  while (follower.next < store.log.records.length && !output.isGone()) {
    unsaid = await sendPage(follower);
    pages += 1;
    if (pages % filter.checkpointInterval !== 0) continue;
    await output.send(checkpointMessage(unsaid));
    unsaid = undefined;
  }
  if (unsaid !== undefined && follower.hasCheckpoints) await output.send(checkpointMessage(unsaid));
};

const sendPage = async (follower: Follower): Promise<LogPosition> => {
  const { store, filter } = follower;
  const page = store.log.records.slice(follower.next, follower.next + filter.window);
  follower.next += page.length;
  let last: LogRecord | undefined;
  for (const record of page) {
    if (!isWanted(follower, record)) continue;
    const slow = follower.output.send(follower.encode(record));
    if (slow !== undefined) await slow;
    last = record;
  }
  return last === undefined ? { commit: page[0]?.position ?? 0n, prepare: 0n } : positionOf(last);
};

const isWanted = ({ start, filter }: Follower, record: LogRecord): boolean =>
  (start === undefined || isBehind(record, start)) && filter.matches(record);

/** Sends records as they come, with a checkpoint at every so many that were looked at; ends when it falls behind. */
const goLive = async (follower: Follower): Promise<void> => {
  const { store, filter, output } = follower;
  const every = filter.window * filter.checkpointInterval;
  let scanned = 0;
  while (!output.isGone() && store.log.records.length - follower.next <= LIVE_BUFFER) {
    const record = store.log.records[follower.next];
    if (record === undefined) {
      await output.wait(store.log.onGrowth);
      continue;
    }
    follower.next += 1;
    scanned += 1;
    if (isWanted(follower, record)) await output.send(follower.encode(record));
    if (scanned % every === 0) await output.send(checkpointMessage(positionOf(record)));
  }
};

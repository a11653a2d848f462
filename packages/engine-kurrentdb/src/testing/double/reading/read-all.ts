import grpc from '@grpc/grpc-js';
import type { EventLog } from '../log/event-log.ts';
import type { LogPosition } from '../log/log-record.ts';
import type { Store } from '../log/store.ts';
import { type Failure, failure } from '../wire/failures.ts';
import { createEncoder } from './links.ts';
import type { Output } from './output.ts';
import type { AllTarget, ReadRequest } from './read-request.ts';

/** Answers a read of `$all`, forwards from the position itself, backwards from what stands before it. */
export const readAll = async (
  store: Store,
  request: ReadRequest,
  { from, filter }: AllTarget,
  output: Output,
): Promise<Failure | undefined> => {
  const { log } = store;
  if (request.count <= 0) return unexpected('Error >> maxCount should be positive.');
  if (typeof from === 'object' && !isReadable(log, from))
    return unexpected(`InvalidPosition >> ${from.commit}`);
  const encode = createEncoder(store, request);
  const end = log.records.length;
  const step = request.backwards ? -1 : 1;
  let index = startIndex(log, from) - (request.backwards ? 1 : 0);
  for (let sent = 0; sent < request.count && index >= 0 && index < end && !output.isGone(); index += step) {
    const record = log.records[index];
    if (record === undefined || filter?.matches(record) === false) continue;
    const slow = output.send(encode(record));
    if (slow !== undefined) await slow;
    sent += 1;
  }
  return undefined;
};

const startIndex = (log: EventLog, from: AllTarget['from']): number => {
  if (from === 'start') return 0;
  return from === 'end' ? log.records.length : log.indexAt(from.commit);
};

/** Whether a record begins at a position, or the log ends before it; the prepare position may be 0. */
export const isReadable = (log: EventLog, { commit, prepare }: LogPosition): boolean => {
  if (prepare > commit) return false;
  return commit === 0n || commit >= log.end() || log.records[log.indexAt(commit)]?.position === commit;
};

const unexpected = (what: string): Failure =>
  failure(grpc.status.UNKNOWN, `Unexpected ReadAllResult: ${what}`);

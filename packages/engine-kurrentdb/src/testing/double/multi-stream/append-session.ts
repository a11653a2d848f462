import type grpc from '@grpc/grpc-js';
import type { Appender } from '../appending/appender.ts';
import { wholeRequest } from '../appending/whole-request.ts';
import type { Commit } from '../log/commit.ts';
import { ANY, NO_STREAM, STREAM_EXISTS } from '../log/expected-revision.ts';
import type { Store } from '../log/store.ts';
import type { Failure } from '../wire/failures.ts';
import { streamsV2 } from '../wire/protocol.ts';
import { invalidRequest } from './failure-v2.ts';
import { readRecord, recordFault } from './record.ts';
import { nodeRefusedV2, nothingSent, refusalFailure, streamTwice } from './refusals.ts';

type Call = grpc.ServerReadableStream<streamsV2.AppendRequest, streamsV2.AppendSessionResponse>;
type Answer = grpc.sendUnaryData<streamsV2.AppendSessionResponse>;

/** An append to several streams, all or nothing: one request for each stream. */
export const createAppendSession =
  (store: Store, append: Appender) => async (call: Call, callback: Answer) => {
    const requests = await wholeRequest(call);
    if (requests !== undefined) await answer(call, store, append, requests, callback);
  };

const answer = async (
  call: Call,
  store: Store,
  append: Appender,
  requests: readonly streamsV2.AppendRequest[],
  callback: Answer,
): Promise<void> => {
  const fault = sessionFault(requests);
  if (fault !== undefined) return callback(fault);
  await loseOrder();
  const end = await append(call.getPeer(), () => store.commit(readCommit(requests)));
  if (end.kind === 'cut') return;
  if (end.kind === 'refused') return callback(nodeRefusedV2(end.why));
  if (end.result.kind !== 'committed') return callback(refusalFailure(end.result));
  const { position = -1n, revisions } = end.result;
  const response = new streamsV2.AppendSessionResponse().setPosition(String(position));
  for (const [index, request] of requests.entries()) {
    const output = new streamsV2.AppendResponse().setStream(request.getStream());
    response.addOutput(output.setStreamRevision(String(revisions[index] ?? -1n)));
  }
  callback(null, response);
};

const readCommit = (requests: readonly streamsV2.AppendRequest[]): Commit => ({
  expectations: requests.map((request) => ({ stream: request.getStream(), expected: expectedOf(request) })),
  events: requests.flatMap((request) =>
    request.getRecordsList().map((record) => ({ stream: request.getStream(), event: readRecord(record) })),
  ),
});

const expectedOf = (request: streamsV2.AppendRequest): bigint =>
  request.hasExpectedRevision() ? BigInt(request.getExpectedRevision() ?? ANY) : ANY;

const sessionFault = (requests: readonly streamsV2.AppendRequest[]): Failure | undefined => {
  if (requests.length === 0) return nothingSent();
  const seen = new Set<string>();
  for (const request of requests) {
    const fault = requestFault(request);
    if (fault !== undefined) return fault;
    const name = request.getStream().toLowerCase();
    if (seen.has(name)) return streamTwice(request.getStream());
    seen.add(name);
  }
  return undefined;
};

const requestFault = (request: streamsV2.AppendRequest): Failure | undefined => {
  const records = request.getRecordsList();
  const expected = expectedOf(request);
  if (request.getStream() === '') return invalid('Stream', 'Stream must not be empty.');
  if (records.length === 0) {
    return invalid('Records', 'Stream append request must contain at least one record');
  }
  if (expected < 0n && ![NO_STREAM, ANY, STREAM_EXISTS].includes(expected)) {
    const constants = 'NoStream (-1), Any (-2) or Exists (-4)';
    return invalid(
      'ExpectedRevision',
      `Expected revision must be positive or one of the allowed constants: ${constants}.`,
    );
  }
  for (const record of records) {
    const fault = recordFault(request.getStream(), record);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

const invalid = (field: string, description: string): Failure =>
  invalidRequest('AppendRequest', field, description);

/** Every fourth call waits for two turns of the event loop. */
const LATE_EVERY = 4;
let calls = 0;

/** A real server keeps no order among calls to several streams that are under way together: neither do we. */
const loseOrder = async (): Promise<void> => {
  calls += 1;
  if (calls % LATE_EVERY !== 0) return;
  await new Promise(setImmediate);
  await new Promise(setImmediate);
};

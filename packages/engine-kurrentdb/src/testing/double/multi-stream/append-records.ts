import type grpc from '@grpc/grpc-js';
import type { Appender } from '../appending/appender.ts';
import type { Commit, CommitResult } from '../log/commit.ts';
import { ANY } from '../log/expected-revision.ts';
import type { Store } from '../log/store.ts';
import type { Failure } from '../wire/failures.ts';
import { streamsV2 } from '../wire/protocol.ts';
import { checkFault, findViolations, readChecks, violationFailure } from './consistency-checks.ts';
import { invalidRequest } from './failure-v2.ts';
import { readRecord, recordFault } from './record.ts';
import { nodeRefusedV2, refusalFailure } from './refusals.ts';

type Handler = grpc.handleUnaryCall<streamsV2.AppendRecordsRequest, streamsV2.AppendRecordsResponse>;

/** Records for several streams in the order given, with checks on any streams. */
export const createAppendRecords =
  (store: Store, append: Appender): Handler =>
  async (call, callback) => {
    const fault = requestFault(call.request);
    if (fault !== undefined) return callback(fault);
    const commit = readCommit(call.request);
    const end = await append(call.getPeer(), () => checkAndCommit(store, call.request, commit));
    if (end.kind === 'cut') return;
    if (end.kind === 'refused') return callback(nodeRefusedV2(end.why));
    if ('code' in end.result) return callback(end.result);
    if (end.result.kind !== 'committed') return callback(refusalFailure(end.result));
    callback(null, response(commit, end.result));
  };

const requestFault = (request: streamsV2.AppendRecordsRequest): Failure | undefined => {
  const records = request.getRecordsList();
  if (records.length === 0) {
    const description = 'Append records request must contain at least one record.';
    return invalidRequest('AppendRecordsRequest', 'Records', description);
  }
  for (const record of records) {
    const fault = recordFault(record.getStream(), record);
    if (fault !== undefined) return fault;
  }
  return checkFault(request.getChecksList());
};

const readCommit = (request: streamsV2.AppendRecordsRequest): Commit => {
  const events = request
    .getRecordsList()
    .map((record) => ({ stream: record.getStream(), event: readRecord(record) }));
  const streams = new Set(events.map(({ stream }) => stream));
  return { expectations: [...streams].map((stream) => ({ stream, expected: ANY })), events };
};

/** A repeat succeeds even where its checks no longer hold. */
const checkAndCommit = (
  store: Store,
  request: streamsV2.AppendRecordsRequest,
  commit: Commit,
): CommitResult | Failure => {
  const repeat = store.findRepeat(commit);
  if (repeat !== undefined) return repeat;
  const written = commit.expectations.map(({ stream }) => stream);
  const violations = findViolations(store, readChecks(request.getChecksList()), written);
  return violations.length > 0 ? violationFailure(violations) : store.commit(commit);
};

const response = (
  { expectations }: Commit,
  { position = -1n, revisions }: Extract<CommitResult, { kind: 'committed' }>,
): streamsV2.AppendRecordsResponse => {
  const message = new streamsV2.AppendRecordsResponse().setPosition(String(position));
  for (const [index, { stream }] of expectations.entries()) {
    const revision = String(revisions[index] ?? -1n);
    message.addRevisions(new streamsV2.StreamRevision().setStream(stream).setRevision(revision));
  }
  return message;
};

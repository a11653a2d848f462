import type grpc from '@grpc/grpc-js';
import type { CommitResult } from '../log/commit.ts';
import { ANY, NO_STREAM, STREAM_EXISTS } from '../log/expected-revision.ts';
import type { NewEvent } from '../log/log-record.ts';
import type { Store } from '../log/store.ts';
import { handlerThrew, nodeRefused, streamDeleted } from '../wire/failures.ts';
import { shared, streams } from '../wire/protocol.ts';
import { readStreamName } from '../wire/stream-name.ts';
import type { Appender } from './appender.ts';
import { expectedState } from './expected-state.ts';
import { proposalFault, readProposed } from './proposed-event.ts';
import { wholeRequest } from './whole-request.ts';

type Call = grpc.ServerReadableStream<streams.AppendReq, streams.AppendResp>;
type Answer = grpc.sendUnaryData<streams.AppendResp>;

/** The plain append of clients that pass credentials with the call. */
export const createAppend = (store: Store, append: Appender) => async (call: Call, callback: Answer) => {
  const requests = await wholeRequest(call);
  if (requests === undefined) return;
  const options = requests.findLast((request) => request.hasOptions())?.getOptions();
  const events = requests.flatMap((request) => request.getProposedMessage() ?? []).map(readProposed);
  await answer(call, store, append, options ?? new streams.AppendReq.Options(), events, callback);
};

const answer = async (
  call: Call,
  store: Store,
  append: Appender,
  options: streams.AppendReq.Options,
  events: readonly NewEvent[],
  callback: Answer,
): Promise<void> => {
  const stream = readStreamName(options.getStreamIdentifier());
  if (proposalFault(stream, events) !== undefined) return callback(handlerThrew());
  const end = await append(call.getPeer(), () =>
    store.commit({
      expectations: [{ stream, expected: expectedState(options, options.getRevision()) }],
      events: events.map((event) => ({ stream, event })),
    }),
  );
  if (end.kind === 'refused') callback(nodeRefused(end.why));
  else if (end.kind === 'answer') respond(end.result, callback);
};

const respond = (result: CommitResult, callback: Answer): void => {
  if (result.kind === 'deleted') callback(streamDeleted(result.stream));
  else if (result.kind === 'conflict') callback(null, conflictResponse(result.expected, result.actual));
  else callback(null, new streams.AppendResp().setSuccess(success(result.revisions[0], result.position)));
};

const success = (revision = -1n, position?: bigint): streams.AppendResp.Success => {
  const message = new streams.AppendResp.Success();
  if (revision < 0n) message.setNoStream(new shared.Empty());
  else message.setCurrentRevision(String(revision));
  if (position === undefined) return message.setNoPosition(new shared.Empty());
  const at = new streams.AppendResp.Position();
  return message.setPosition(at.setCommitPosition(String(position)).setPreparePosition(String(position)));
};

const conflictResponse = (expected: bigint, actual: bigint): streams.AppendResp => {
  const conflict = new streams.AppendResp.WrongExpectedVersion();
  if (actual < 0n) conflict.setCurrentNoStream(new shared.Empty());
  else conflict.setCurrentRevision(String(actual));
  if (expected === ANY) conflict.setExpectedAny(new shared.Empty());
  else if (expected === NO_STREAM) conflict.setExpectedNoStream(new shared.Empty());
  else if (expected === STREAM_EXISTS) conflict.setExpectedStreamExists(new shared.Empty());
  else conflict.setExpectedRevision(String(expected));
  return new streams.AppendResp().setWrongExpectedVersion(conflict);
};

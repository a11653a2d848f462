import grpc from '@grpc/grpc-js';
import type { CommitResult } from '../log/commit.ts';
import type { NewEvent } from '../log/log-record.ts';
import type { Store } from '../log/store.ts';
import { failure, nodeRefused } from '../wire/failures.ts';
import { empty, shared, streams } from '../wire/protocol.ts';
import { readStreamName } from '../wire/stream-name.ts';
import { readUuid } from '../wire/uuid.ts';
import type { Appender } from './appender.ts';
import { badRequestStatus, refusalStatus, timeoutStatus } from './batch-status.ts';
import { expectedState } from './expected-state.ts';
import { proposalFault, readProposed } from './proposed-event.ts';

type Call = grpc.ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;

/** An append whose chunks are still arriving. */
interface Batch {
  readonly options: streams.BatchAppendReq.Options;
  readonly events: NewEvent[];
  bytes: number;
}

/** A real server takes no larger message here, and ends the whole stream of appends for one. */
const MOST_BYTES = 16 * 1024 * 1024;

/** A write takes about this long: with less time left, a real server answers that the time is over. */
const WRITE_MS = 5;

/** The stream of appends that all of a client's plain appends share. */
export const createBatchAppend = (store: Store, append: Appender) => (call: Call) => {
  const batches = new Map<string, Batch>();
  call.on('data', (request: streams.BatchAppendReq) => {
    const id = readUuid(request.getCorrelationId());
    const batch = collect(batches, id, request);
    if (batch === undefined) return;
    if (batch.bytes > MOST_BYTES) call.emit('error', tooLarge());
    else if (request.getIsFinal()) {
      batches.delete(id);
      void answer(call, store, append, request, batch);
    }
  });
  call.on('end', () => call.end());
};

const collect = (
  batches: Map<string, Batch>,
  id: string,
  request: streams.BatchAppendReq,
): Batch | undefined => {
  const options = request.getOptions();
  if (options !== undefined) batches.set(id, { options, events: [], bytes: 0 });
  const batch = batches.get(id);
  for (const message of request.getProposedMessagesList()) {
    const event = readProposed(message);
    batch?.events.push(event);
    if (batch !== undefined) batch.bytes += event.data.length + event.metadata.length;
  }
  return batch;
};

const tooLarge = () =>
  failure(grpc.status.RESOURCE_EXHAUSTED, 'Received message exceeds the maximum configured message size.');

const answer = async (
  call: Call,
  store: Store,
  append: Appender,
  request: streams.BatchAppendReq,
  { options, events }: Batch,
): Promise<void> => {
  const stream = readStreamName(options.getStreamIdentifier());
  const response = new streams.BatchAppendResp();
  response.setCorrelationId(request.getCorrelationId());
  response.setStreamIdentifier(options.getStreamIdentifier());
  const fault = proposalFault(stream, events);
  if (fault !== undefined) return void call.write(response.setError(badRequestStatus(fault)));
  if (isOverdue(options)) return void call.write(response.setError(timeoutStatus()));
  const end = await append(call.getPeer(), () =>
    store.commit({
      expectations: [{ stream, expected: expectedState(options, options.getStreamPosition()) }],
      events: events.map((event) => ({ stream, event })),
    }),
  );
  if (end.kind === 'refused') call.emit('error', nodeRefused(end.why));
  else if (end.kind === 'answer' && !call.cancelled) call.write(fill(response, end.result));
};

const isOverdue = (options: streams.BatchAppendReq.Options): boolean => {
  const deadline = options.getDeadline21100()?.toDate().getTime();
  return deadline !== undefined && deadline - Date.now() < WRITE_MS;
};

const fill = (response: streams.BatchAppendResp, result: CommitResult): streams.BatchAppendResp => {
  if (result.kind !== 'committed') return response.setError(refusalStatus(result));
  const success = new streams.BatchAppendResp.Success();
  const [revision = -1n] = result.revisions;
  if (revision < 0n) success.setNoStream(new empty.Empty());
  else success.setCurrentRevision(String(revision));
  if (result.position === undefined) success.setNoPosition(new empty.Empty());
  else success.setPosition(allPosition(result.position));
  return response.setSuccess(success);
};

const allPosition = (position: bigint): shared.AllStreamPosition =>
  new shared.AllStreamPosition().setCommitPosition(String(position)).setPreparePosition(String(position));

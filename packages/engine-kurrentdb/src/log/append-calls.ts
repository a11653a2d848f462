import type {
  CallOptions,
  ClientWritableStream,
  Metadata,
  ServiceError,
  Client as Stub,
} from '@grpc/grpc-js';
import {
  convertToCommandError,
  ErrorType,
  type GRPCClientConstructor,
  type KurrentDBClient,
} from '@kurrent/kurrentdb-client';
import { StreamsClient } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import type streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import { StreamsServiceClient } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_grpc_pb.js';
import type sessions from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_pb.js';
import { EventSourcingError, type Position } from '@openbank/eventsourcing';
import { isType } from '../connection/store-error.ts';
import { callStub, type StubCallOptions } from '../connection/stub-call.ts';
import { toPosition } from '../events/position.ts';
import type { ProposedAppend } from '../events/proposed-event.ts';
import { appendMessages, sessionMessages } from './append-requests.ts';
import { withLeaderNamed } from './leader-named.ts';

/** What the server says of an append. */
export type AppendAnswer =
  /** `position` is missing where it does not tell; `revisions` are the last of each stream. */
  | {
      readonly kind: 'written';
      readonly position: Position | undefined;
      readonly revisions: ReadonlyMap<string, number>;
    }
  /** Nothing was written: a stream is not where it was expected. Which, is found out by reading. */
  | { readonly kind: 'conflict' };

/**
 * Appends to one stream, in a call of its own. The client's shared stream of batches would save a part of its cost, but one
 * record that is too large breaks it for all who wait, and its answers have no deadline.
 *
 * @param deadline - milliseconds
 * @throws the client's errors
 */
export async function appendToOne(
  client: KurrentDBClient,
  append: ProposedAppend,
  deadline: number,
): Promise<AppendAnswer> {
  const answer = await callAppend(client, StreamsClient, { deadline, fromLeader: true }, (stub, ...call) =>
    sent<streams.AppendReq, streams.AppendResp>(
      (answered) => stub.append(...call, answered),
      appendMessages(append),
    ),
  );
  const success = answer.getSuccess();
  if (success === undefined) return { kind: 'conflict' };
  const revisions = new Map([[append.stream, Number(success.getCurrentRevision())]]);
  const position = answeredPosition(success.getPosition()?.getCommitPosition());
  return { kind: 'written', position, revisions };
}

/**
 * Appends to several streams, all or nothing.
 *
 * @param deadline - milliseconds
 * @throws the client's errors
 */
export async function appendToSeveral(
  client: KurrentDBClient,
  appends: readonly ProposedAppend[],
  deadline: number,
): Promise<AppendAnswer> {
  try {
    const answer = await callAppend(client, StreamsServiceClient, { deadline }, (stub, ...call) =>
      withLeaderNamed(
        sent<sessions.AppendRequest, sessions.AppendSessionResponse>(
          (answered) => stub.appendSession(...call, answered),
          sessionMessages(appends),
        ),
      ),
    );
    const outputs = answer.getOutputList();
    const revisions = new Map(outputs.map((each) => [each.getStream(), Number(each.getStreamRevision())]));
    return { kind: 'written', position: answeredPosition(answer.getPosition()), revisions };
  } catch (error) {
    const isConflict =
      error instanceof Error && isType(convertToCommandError(error), ErrorType.WRONG_EXPECTED_VERSION);
    if (isConflict) return { kind: 'conflict' };
    throw error;
  }
}

/**
 * A record's commit and prepare positions are equal. Where there is none to tell, as for a repeat whose events are not to be seen
 * any more, servers answer nothing, 0, or -1 in its various widths.
 */
function answeredPosition(commit: string | undefined): Position | undefined {
  if (commit === undefined || !/^[1-9]\d*$/.test(commit) || BigInt(commit) > MAX_POSITION) return undefined;
  return toPosition({ commit, prepare: commit });
}

const MAX_POSITION = 2n ** 63n - 1n;

/**
 * The call, told apart by whether it was sent: what waits for a connection longer than the deadline never is. What was sent and
 * not answered fails as no error of the kit's, since its outcome is not known.
 */
async function callAppend<S extends Stub, Answer>(
  client: KurrentDBClient,
  stub: GRPCClientConstructor<S>,
  options: StubCallOptions,
  call: (stub: S, metadata: Metadata, options: CallOptions) => Promise<Answer>,
): Promise<Answer> {
  let state: 'waiting' | 'sent' | 'left' = 'waiting';
  const isSent = () => state === 'sent';
  try {
    return await callStub(client, stub, 'append', options, async (ready, ...rest) => {
      if (state === 'left') throw new Error('The append was given up before there was a connection.');
      state = 'sent';
      return await call(ready, ...rest);
    });
  } catch (error) {
    if (isSent() && error instanceof EventSourcingError) throw new Error(error.message, { cause: error });
    if (!isSent()) state = 'left';
    throw error;
  }
}

function sent<Request, Answer>(
  open: (answered: (error: ServiceError | null, answer: Answer) => void) => ClientWritableStream<Request>,
  messages: readonly Request[],
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = open((error, answer) => (error === null ? resolve(answer) : reject(error)));
    call.on('error', reject);
    for (const message of messages) call.write(message);
    call.end();
  });
}

import grpc from '@grpc/grpc-js';
import type { NodeRefusal } from '../faults.ts';
import type { Refusal } from '../log/commit.ts';
import { type Failure, nodeRefused } from '../wire/failures.ts';
import { errorsV2, nodeErrorsV2 } from '../wire/protocol.ts';
import { failureV2 } from './failure-v2.ts';

const ERRORS = 'kurrentdb.protocol.v2.streams.errors.';

/** What a refused call to several streams ends with. */
export const refusalFailure = (refusal: Refusal): Failure =>
  refusal.kind === 'deleted' ? tombstoned(refusal.stream) : revisionConflict(refusal);

const tombstoned = (stream: string): Failure =>
  failureV2(
    grpc.status.FAILED_PRECONDITION,
    `Stream '${stream}' has been tombstoned. It has been permanently removed from the system and cannot be restored.`,
    'STREAM_TOMBSTONED',
    {
      type: `${ERRORS}StreamTombstonedErrorDetails`,
      value: new errorsV2.StreamTombstonedErrorDetails().setStream(stream).serializeBinary(),
    },
  );

const revisionConflict = ({ stream, expected, actual }: Extract<Refusal, { kind: 'conflict' }>): Failure =>
  failureV2(
    grpc.status.FAILED_PRECONDITION,
    `Append failed due to a revision conflict on stream '${stream}'. Expected revision: ${expected}. Actual revision: ${actual}.`,
    'STREAM_REVISION_CONFLICT',
    {
      type: `${ERRORS}StreamRevisionConflictErrorDetails`,
      value: new errorsV2.StreamRevisionConflictErrorDetails()
        .setStream(stream)
        .setExpectedRevision(String(expected))
        .setActualRevision(String(actual))
        .serializeBinary(),
    },
  );

export const streamTwice = (stream: string): Failure =>
  failureV2(
    grpc.status.ABORTED,
    `Stream '${stream}' already has a different group of messages in this session. Appends for the same stream must currently be grouped together and not interleaved with appends for other streams.`,
    'STREAM_ALREADY_IN_APPEND_SESSION',
    {
      type: `${ERRORS}StreamAlreadyInAppendSessionErrorDetails`,
      value: new errorsV2.StreamAlreadyInAppendSessionErrorDetails().setStream(stream).serializeBinary(),
    },
  );

export const nothingSent = (): Failure =>
  failureV2(
    grpc.status.FAILED_PRECONDITION,
    'Append session started, but no append requests were sent before ending the session.',
    'APPEND_SESSION_NO_REQUESTS',
  );

/** A record is too large; sizes in bytes. */
export const recordTooLarge = (stream: string, recordId: string, size: number, maxSize: number): Failure =>
  failureV2(
    grpc.status.INVALID_ARGUMENT,
    `The size of record ${recordId} (${megabytes(size)}) exceeds the maximum allowed size of ${megabytes(maxSize)} bytes by ${megabytes(size - maxSize)}`,
    'APPEND_RECORD_SIZE_EXCEEDED',
    {
      type: `${ERRORS}AppendRecordSizeExceededErrorDetails`,
      value: new errorsV2.AppendRecordSizeExceededErrorDetails()
        .setStream(stream)
        .setRecordId(recordId)
        .setSize(size)
        .setMaxSize(maxSize)
        .serializeBinary(),
    },
  );

/** A node that takes no append: the leader is named in the status details, which the client does not read. */
export const nodeRefusedV2 = (why: NodeRefusal): Failure => {
  if (why.kind === 'busy') return nodeRefused(why);
  const leader = new nodeErrorsV2.NotLeaderNodeErrorDetails.NodeInfo().setHost(why.host).setPort(why.port);
  return failureV2(
    grpc.status.FAILED_PRECONDITION,
    `This node does not lead. The leader is ${why.host}:${why.port}.`,
    'NOT_LEADER_NODE',
    {
      type: 'kurrent.rpc.NotLeaderNodeErrorDetails',
      value: new nodeErrorsV2.NotLeaderNodeErrorDetails().setCurrentLeader(leader).serializeBinary(),
    },
  );
};

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(3)} MB`;

import grpc from '@grpc/grpc-js';
import type { Refusal } from '../log/commit.ts';
import { ANY, NO_STREAM, STREAM_EXISTS } from '../log/expected-revision.ts';
import { any, empty, shared, statuses } from '../wire/protocol.ts';
import { writeStreamName } from '../wire/stream-name.ts';

const status = (code: number, message: string, type: string, details: Uint8Array): statuses.Status => {
  const packed = new any.Any();
  packed.pack(details, `event_store.client.${type}`);
  return new statuses.Status().setCode(code).setMessage(message).setDetails(packed);
};

/** The status of one refused append among those that share a stream. */
export const refusalStatus = (refusal: Refusal): statuses.Status =>
  refusal.kind === 'deleted' ? deletedStatus(refusal.stream) : conflictStatus(refusal);

export const badRequestStatus = (message: string): statuses.Status =>
  status(
    grpc.status.INVALID_ARGUMENT,
    'BadRequest',
    'BadRequest',
    new shared.BadRequest().setMessage(message).serializeBinary(),
  );

export const timeoutStatus = (): statuses.Status =>
  status(grpc.status.DEADLINE_EXCEEDED, 'Timeout', 'Timeout', new shared.Timeout().serializeBinary());

const deletedStatus = (stream: string): statuses.Status =>
  status(
    grpc.status.FAILED_PRECONDITION,
    `Event stream '${stream}' is deleted.`,
    'StreamDeleted',
    new shared.StreamDeleted().setStreamIdentifier(writeStreamName(stream)).serializeBinary(),
  );

const conflictStatus = ({ expected, actual }: Extract<Refusal, { kind: 'conflict' }>): statuses.Status => {
  const details = new shared.WrongExpectedVersion();
  if (actual < 0n) details.setCurrentNoStream(new empty.Empty());
  else details.setCurrentStreamRevision(String(actual));
  if (expected === ANY) details.setExpectedAny(new empty.Empty());
  else if (expected === NO_STREAM) details.setExpectedNoStream(new empty.Empty());
  else if (expected === STREAM_EXISTS) details.setExpectedStreamExists(new empty.Empty());
  else details.setExpectedStreamPosition(String(expected));
  return status(
    grpc.status.ALREADY_EXISTS,
    'WrongExpectedVersion',
    'WrongExpectedVersion',
    details.serializeBinary(),
  );
};

import grpc from '@grpc/grpc-js';
import protobuf from 'google-protobuf';
import type { Failure } from '../wire/failures.ts';
import { any, statuses } from '../wire/protocol.ts';

/** A detail of an error: its type's full name and its bytes. */
export interface ErrorDetail {
  readonly type: string;
  readonly value: Uint8Array;
}

/** An error of the v2 protocol, a `google.rpc.Status` in the trailers: first the reason, then details of its own. */
export const failureV2 = (code: number, message: string, reason: string, detail?: ErrorDetail): Failure => {
  const head = new statuses.Status()
    .setCode(code)
    .setMessage(message)
    .setDetails(pack(errorInfo(reason)));
  const parts = [head.serializeBinary()];
  // The details are a repeated field, which the client's own message lacks: messages written one behind the other
  // are one message, with both details.
  if (detail !== undefined) parts.push(new statuses.Status().setDetails(pack(detail)).serializeBinary());
  const metadata = new grpc.Metadata();
  metadata.set('grpc-status-details-bin', Buffer.concat(parts));
  return { code, details: message, metadata };
};

/** A request that breaks a rule of the protocol. */
export const invalidRequest = (request: string, field: string, description: string): Failure =>
  failureV2(
    grpc.status.INVALID_ARGUMENT,
    `The '${request}' is invalid:${description.startsWith('\n') ? '' : ' '}${description}`,
    'BAD_REQUEST',
    {
      type: 'google.rpc.BadRequest',
      value: textFields([
        [
          1,
          textFields([
            [1, field],
            [2, description],
          ]),
        ],
      ]),
    },
  );

const pack = ({ type, value }: ErrorDetail): any.Any => {
  const packed = new any.Any();
  packed.pack(value, type);
  return packed;
};

const errorInfo = (reason: string): ErrorDetail => ({
  type: 'google.rpc.ErrorInfo',
  value: textFields([
    [1, reason],
    [2, reason === 'BAD_REQUEST' ? 'server' : 'streams'],
  ]),
});

/** Encodes the messages of `google.rpc`, which the client library does not ship. */
const textFields = (fields: readonly (readonly [number, string | Uint8Array])[]): Uint8Array => {
  const writer = new protobuf.BinaryWriter();
  for (const [number, value] of fields) {
    if (typeof value === 'string') writer.writeString(number, value);
    else writer.writeBytes(number, value);
  }
  return writer.getResultBuffer();
};

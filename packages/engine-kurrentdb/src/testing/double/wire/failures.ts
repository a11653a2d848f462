import grpc from '@grpc/grpc-js';
import type { NodeRefusal } from '../faults.ts';

/** An answer that ends a call with an error: what `@grpc/grpc-js` sends for it. */
export interface Failure {
  readonly code: grpc.status;
  readonly details: string;
  readonly metadata: grpc.Metadata;
}

/** A failure whose trailers tell the client which error it is. */
export const failure = (
  code: grpc.status,
  details: string,
  trailers: Readonly<Record<string, string>> = {},
): Failure => {
  const metadata = new grpc.Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return { code, details, metadata };
};

export const streamDeleted = (stream: string): Failure =>
  failure(grpc.status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

export const deleteConflict = (stream: string, expected: bigint, actual: bigint): Failure =>
  failure(
    grpc.status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': String(expected),
      'actual-version': String(actual),
    },
  );

/** What a real server answers where its code throws: invalid names, filters that cannot be read. */
export const handlerThrew = (): Failure => failure(grpc.status.UNKNOWN, 'Exception was thrown by handler.');

/** A node that takes no append: as the older protocol says it, in trailers. */
export const nodeRefused = (why: NodeRefusal): Failure =>
  why.kind === 'busy'
    ? failure(grpc.status.UNAVAILABLE, 'Server Is Too Busy')
    : failure(grpc.status.NOT_FOUND, 'Leader info available', {
        exception: 'not-leader',
        'leader-endpoint-host': why.host,
        'leader-endpoint-port': String(why.port),
      });

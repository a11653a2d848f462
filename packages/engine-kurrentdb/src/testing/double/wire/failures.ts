import grpc from '@grpc/grpc-js';

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

/** A node that is not the leader names the one that is. */
export const notLeader = (host: string, port: number): Failure =>
  failure(grpc.status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  });

export const serverBusy = (): Failure => failure(grpc.status.UNAVAILABLE, 'Server Is Too Busy');

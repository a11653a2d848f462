import { Metadata } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { toAppendError, toReadError } from './store-error.ts';

/** An error as gRPC throws it. */
function grpcError(code: number, details: string, trailers: Readonly<Record<string, string>> = {}): Error {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return Object.assign(new Error(`${code} ${details}`), { code, details, metadata });
}

const REFUSED_CONNECTION = 'No connection established. Last error: connect ECONNREFUSED 127.0.0.1:2113.';
const LEADER = { exception: 'not-leader', 'leader-endpoint-host': 'b', 'leader-endpoint-port': '2113' };

describe('errors of KurrentDB', () => {
  test.each([
    ['was never sent', grpcError(14, REFUSED_CONNECTION), 'store-unavailable'],
    ['found no node of the cluster', new Error('Failed to discover after 10 attempts.'), 'store-unavailable'],
    ['reached a node that does not lead', grpcError(9, 'Leader info available', LEADER), 'store-unavailable'],
    ['lost its connection', grpcError(14, 'Connection dropped'), 'outcome-unknown'],
    ['was cut by the server', grpcError(13, 'Received RST_STREAM with code 2'), 'outcome-unknown'],
    ['came too late', grpcError(4, 'Deadline exceeded'), 'outcome-unknown'],
    ['timed out in the server', grpcError(10, 'Commit timeout'), 'outcome-unknown'],
    [
      'went down with a neighbour that was too large',
      grpcError(8, 'Received message exceeds'),
      'outcome-unknown',
    ],
    ['made the server throw', grpcError(2, 'Exception was thrown by handler.'), 'outcome-unknown'],
    ['is wrong', grpcError(3, 'Record ID must be a valid UUID.'), 'commit-refused'],
    [
      'names a stream twice',
      grpcError(10, "Stream 'a' already has a different group of messages in this session."),
      'commit-refused',
    ],
    [
      'goes to a deleted stream',
      grpcError(9, 'deleted', { exception: 'stream-deleted', 'stream-name': 'a' }),
      'commit-refused',
    ],
    ['is not allowed', grpcError(7, 'Access Denied', { exception: 'access-denied' }), 'store-misconfigured'],
    ['is of nobody', grpcError(16, 'Unauthenticated'), 'store-misconfigured'],
  ])('an append that %s', (_, error, code) => {
    expect(toAppendError(error)).toMatchObject({ code });
  });

  test.each([
    ['finds no server', grpcError(14, REFUSED_CONNECTION), 'store-unavailable'],
    ['gets no answer', grpcError(4, 'Deadline exceeded'), 'store-unavailable'],
    ['is not allowed', grpcError(7, 'Access Denied'), 'store-misconfigured'],
    [
      'asks for a deleted stream',
      grpcError(9, 'deleted', { exception: 'stream-deleted', 'stream-name': 'a' }),
      'store-damaged',
    ],
    ['begins where no event is', grpcError(3, 'Trying to read from an invalid position.'), 'store-damaged'],
  ])('a read that %s', (_, error, code) => {
    const told = toReadError(error, 'read stream a');
    expect(told).toMatchObject({
      code,
      message: expect.stringContaining('read stream a'),
      cause: expect.any(Error),
    });
  });

  test('an error of the kit stays what it is', () => {
    const error = toReadError(grpcError(14, REFUSED_CONNECTION), 'read stream a');
    expect(toReadError(error, 'read stream b')).toBe(error);
    expect(toAppendError(error)).toBe(error);
  });
});

import grpc from '@grpc/grpc-js';
import { convertToCommandError, NotLeaderError } from '@kurrent/kurrentdb-client';
import rpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js';
import errors from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/errors_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import { describe, expect, test } from 'vitest';
import { withLeaderNamed } from './leader-named.ts';

function serviceError(details?: Uint8Array): Error {
  const metadata = new grpc.Metadata();
  if (details !== undefined) metadata.set('grpc-status-details-bin', Buffer.from(details));
  return Object.assign(new Error('not here'), { code: 9, details: 'not here', metadata });
}

function statusDetails(type: string, value: Uint8Array): Uint8Array {
  const detail = new any.Any();
  detail.setTypeUrl(`type.googleapis.com/${type}`);
  detail.setValue(value);
  return new rpc.Status().setDetails(detail).serializeBinary();
}

async function seenByClient(error: Error): Promise<Error> {
  const seen: unknown = await withLeaderNamed(Promise.reject(error)).catch((reason: unknown) => reason);
  if (seen instanceof Error) return convertToCommandError(seen);
  throw new Error('It must fail as it has failed.');
}

describe('a node that does not lead', () => {
  test('and names the leader in the details of its status is understood by the client', async () => {
    const leader = new errors.NotLeaderNodeErrorDetails.NodeInfo().setHost('node-2').setPort(2114);
    const value = new errors.NotLeaderNodeErrorDetails().setCurrentLeader(leader).serializeBinary();
    const type = 'kurrentdb.protocol.v2.errors.NotLeaderNodeErrorDetails';
    const seen = await seenByClient(serviceError(statusDetails(type, value)));
    expect(seen).toBeInstanceOf(NotLeaderError);
    expect(seen).toMatchObject({ leader: { address: 'node-2', port: 2114 } });
  });

  test('and names none, like any other error, stays what it was', async () => {
    const none = new errors.NotLeaderNodeErrorDetails().serializeBinary();
    const type = 'kurrentdb.protocol.v2.errors.NotLeaderNodeErrorDetails';
    for (const details of [undefined, statusDetails('other', none), statusDetails(type, none)])
      expect(await seenByClient(serviceError(details))).not.toBeInstanceOf(NotLeaderError);
    const plain = new Error('plain');
    await expect(withLeaderNamed(Promise.reject(plain))).rejects.toBe(plain);
  });

  test('an answer is an answer', async () => {
    expect(await withLeaderNamed(Promise.resolve(7))).toBe(7);
  });
});

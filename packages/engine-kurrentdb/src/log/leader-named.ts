import type { ServiceError } from '@grpc/grpc-js';
import rpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js';
import errors from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/errors_pb.js';

/**
 * A node that does not lead names the leader in one of two ways; the client knows only the older one, in trailers, and
 * connects to that node. This says the newer one, in the status details, in the older way.
 */
export async function withLeaderNamed<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (isServiceError(error)) nameLeader(error);
    throw error;
  }
}

function nameLeader({ metadata }: ServiceError): void {
  const leader = leaderIn(metadata.get('grpc-status-details-bin')[0]);
  if (leader === undefined) return;
  metadata.set('exception', 'not-leader');
  metadata.set('leader-endpoint-host', leader.getHost());
  metadata.set('leader-endpoint-port', String(leader.getPort()));
}

function leaderIn(details: string | Buffer | undefined) {
  if (!(details instanceof Buffer)) return undefined;
  const detail = rpc.Status.deserializeBinary(details).getDetails();
  if (!detail?.getTypeUrl().endsWith('.NotLeaderNodeErrorDetails')) return undefined;
  return errors.NotLeaderNodeErrorDetails.deserializeBinary(detail.getValue_asU8()).getCurrentLeader();
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'metadata' in error && 'code' in error;
}

import type grpc from '@grpc/grpc-js';
import type { DeleteResult } from '../log/delete.ts';
import type { Store } from '../log/store.ts';
import { deleteConflict, type Failure, streamDeleted } from '../wire/failures.ts';
import { streams } from '../wire/protocol.ts';
import { readStreamName } from '../wire/stream-name.ts';
import { expectedState } from './expected-state.ts';

/** Soft deletes. */
export const createDelete =
  (store: Store): grpc.handleUnaryCall<streams.DeleteReq, streams.DeleteResp> =>
  (call, callback) => {
    const options = call.request.getOptions() ?? new streams.DeleteReq.Options();
    const stream = readStreamName(options.getStreamIdentifier());
    const result = store.delete(stream, expectedState(options, options.getRevision()));
    if (result.kind !== 'committed') return callback(deleteFailure(result));
    const at = String(result.position);
    const position = new streams.DeleteResp.Position().setCommitPosition(at).setPreparePosition(at);
    callback(null, new streams.DeleteResp().setPosition(position));
  };

/** Deletes for ever. */
export const createTombstone =
  (store: Store): grpc.handleUnaryCall<streams.TombstoneReq, streams.TombstoneResp> =>
  (call, callback) => {
    const options = call.request.getOptions() ?? new streams.TombstoneReq.Options();
    const stream = readStreamName(options.getStreamIdentifier());
    const result = store.tombstone(stream, expectedState(options, options.getRevision()));
    if (result.kind !== 'committed') return callback(deleteFailure(result));
    const at = String(result.position);
    const position = new streams.TombstoneResp.Position().setCommitPosition(at).setPreparePosition(at);
    callback(null, new streams.TombstoneResp().setPosition(position));
  };

const deleteFailure = (refusal: Exclude<DeleteResult, { kind: 'committed' }>): Failure =>
  refusal.kind === 'deleted'
    ? streamDeleted(refusal.stream)
    : deleteConflict(refusal.stream, refusal.expected, refusal.actual);

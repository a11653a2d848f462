import messages, {
  type ReadReq,
} from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/persistentsubscriptions_pb.js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import type { Verdict } from './delivery.ts';

const { Ack, Nack, Options } = messages.ReadReq;

/** The first message of a call: which group on `$all`, and how many events may be under way. */
export function subscription(group: string, bufferSize: number): ReadReq {
  const options = new Options()
    .setAll(new shared.Empty())
    .setGroupName(group)
    .setBufferSize(bufferSize)
    .setUuidOption(new Options.UUIDOption().setString(new shared.Empty()));
  return new messages.ReadReq().setOptions(options);
}

/** What becomes of a delivered event. */
export function answerTo(id: string, verdict: Verdict): ReadReq {
  const ids = [new shared.UUID().setString(id)];
  if (verdict.kind === 'done') return new messages.ReadReq().setAck(new Ack().setIdsList(ids));
  const action = verdict.kind === 'park' ? Nack.Action.PARK : Nack.Action.RETRY;
  const refusal = new Nack().setIdsList(ids).setAction(action).setReason(verdict.reason);
  return new messages.ReadReq().setNack(refusal);
}

import messages, {
  type ReadReq,
} from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/persistentsubscriptions_pb.js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import type { Verdict } from './consume.ts';

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

export function acknowledgement(id: string): ReadReq {
  return new messages.ReadReq().setAck(new Ack().setIdsList([uuid(id)]));
}

export function refusal(id: string, { kind, reason }: Verdict): ReadReq {
  const action = kind === 'park' ? Nack.Action.PARK : Nack.Action.RETRY;
  return new messages.ReadReq().setNack(
    new Nack()
      .setIdsList([uuid(id)])
      .setAction(action)
      .setReason(reason),
  );
}

function uuid(id: string) {
  return new shared.UUID().setString(id);
}

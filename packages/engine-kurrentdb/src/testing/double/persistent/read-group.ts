import type grpc from '@grpc/grpc-js';
import type { LogRecord } from '../log/log-record.ts';
import { persistent } from '../wire/protocol.ts';
import { fillRecorded } from '../wire/read-messages.ts';
import { readUuid } from '../wire/uuid.ts';
import type { Consumer, Delivery } from './consumer.ts';
import { groupFull, groupMissing } from './failures.ts';
import { acknowledge, dispatch, type Group, leave, type NackAction, refuse } from './group.ts';
import type { Groups } from './groups.ts';
import { sourceName } from './source-name.ts';

type Call = grpc.ServerDuplexStream<persistent.ReadReq, persistent.ReadResp>;
type Options = persistent.ReadReq.Options;

/** A consumer's call: it names its group, then gets events and answers them. */
export const createReadGroup = (groups: Groups) => (call: Call) => {
  let member: { readonly group: Group; readonly consumer: Consumer } | undefined;
  call.on('data', (request: persistent.ReadReq) => {
    const options = request.getOptions();
    if (options !== undefined) member = join(groups, call, options);
    else if (member !== undefined) answer(member.group, member.consumer, request);
  });
  const bye = () => {
    if (member !== undefined) leave(member.group, member.consumer);
  };
  call.on('cancelled', bye);
  call.on('end', () => {
    bye();
    call.end();
  });
};

const join = (groups: Groups, call: Call, options: Options) => {
  const stream = sourceName(options);
  const name = options.getGroupName();
  const group = groups.find(stream, name);
  if (group === undefined) return fail(call, groupMissing(stream, name));
  const { maxSubscribers } = group.settings;
  if (maxSubscribers > 0 && group.consumers.length >= maxSubscribers) {
    return fail(call, groupFull(stream, name));
  }
  const consumer = createConsumer(call, options);
  const confirmation = new persistent.ReadResp.SubscriptionConfirmation();
  call.write(
    new persistent.ReadResp().setSubscriptionConfirmation(
      confirmation.setSubscriptionId(`${stream}::${name}`),
    ),
  );
  group.consumers.push(consumer);
  dispatch(group);
  return { group, consumer };
};

const fail = (call: Call, failed: ReturnType<typeof groupMissing>): undefined => {
  call.emit('error', failed);
};

const createConsumer = (call: Call, options: Options): Consumer => {
  const structured = options.getUuidOption()?.hasStructured() ?? false;
  return {
    peer: call.getPeer(),
    slots: options.getBufferSize(),
    inFlight: new Map(),
    total: 0,
    send: (delivery) => void call.write(message(delivery, structured)),
    end: (failed) => void call.emit('error', failed),
  };
};

const message = ({ event, link, retries }: Delivery, structured: boolean): persistent.ReadResp => {
  const read = new persistent.ReadResp.ReadEvent().setEvent(recorded(event, structured));
  if (link !== undefined) read.setLink(recorded(link, structured));
  read.setCommitPosition(String((link ?? event).position)).setRetryCount(retries);
  return new persistent.ReadResp().setEvent(read);
};

const recorded = (record: LogRecord, structured: boolean) => {
  const filled = new persistent.ReadResp.ReadEvent.RecordedEvent();
  fillRecorded(filled, record, structured);
  return filled;
};

const answer = (group: Group, consumer: Consumer, request: persistent.ReadReq): void => {
  const ack = request.getAck();
  const nack = request.getNack();
  if (ack !== undefined) acknowledge(group, consumer, ack.getIdsList().map(readUuid));
  if (nack === undefined) return;
  const action = ACTIONS[nack.getAction()] ?? 'retry';
  refuse(group, consumer, nack.getIdsList().map(readUuid), action, nack.getReason());
};

/** By their numbers in the protocol; unknown is retried. */
const ACTIONS: readonly NackAction[] = ['retry', 'park', 'retry', 'skip', 'stop'];

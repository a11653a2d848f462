import type { LogRecord } from '../log/log-record.ts';
import type { Store } from '../log/store.ts';
import type { Failure } from '../wire/failures.ts';
import { type Checkpoints, createCheckpoints } from './checkpoints.ts';
import { chooseConsumer } from './choose-consumer.ts';
import { type Consumer, type Delivery, idOf, isFree, takeBack } from './consumer.ts';
import { createParking, type Parking } from './parking.ts';
import type { GroupSettings } from './settings.ts';
import type { Source } from './source.ts';

/** What a consumer says to an event that it does not acknowledge. */
export type NackAction = 'park' | 'retry' | 'skip' | 'stop';

/** A persistent subscription: a group of consumers that share the events of a source. */
export interface Group {
  readonly name: string;
  readonly source: Source;
  settings: GroupSettings;
  readonly consumers: Consumer[];
  /** Which consumer a stream stays with, where the strategy asks for it. */
  readonly pins: Map<string, Consumer>;
  /** Events to be delivered once more, before any new one. */
  readonly retries: Delivery[];
  readonly parking: Parking;
  readonly checkpoints: Checkpoints;
  /** The last event that was taken from the source. */
  taken: LogRecord | undefined;
  /** How many events were sent. */
  sent: number;
}

export const createGroup = (store: Store, name: string, source: Source, settings: GroupSettings): Group => {
  const stream = `$persistentsubscription-${source.name}::${name}`;
  const group: Group = {
    name,
    source,
    settings,
    consumers: [],
    pins: new Map(),
    retries: [],
    parking: createParking(store, stream),
    checkpoints: createCheckpoints(store, stream, () => reached(group), source.placeOf),
    taken: undefined,
    sent: 0,
  };
  return group;
};

/** The last record of the source with no open event before it. */
const reached = ({ consumers, retries, taken, checkpoints }: Group): LogRecord | undefined => {
  const held = consumers.flatMap(({ inFlight }) => [...inFlight.values()].map(({ delivery }) => delivery));
  const isOpen = [...held, ...retries].some(({ link }) => link === undefined);
  return isOpen ? checkpoints.last() : taken;
};

/** Hands out events as long as there are any and somebody has room. */
export const dispatch = (group: Group): void => {
  while (group.consumers.some(isFree)) {
    const delivery = group.retries.shift() ?? takeNew(group);
    if (delivery === undefined) return;
    const { stream } = delivery.event;
    const consumer = chooseConsumer(group.settings.strategy, group, stream, group.sent);
    if (consumer !== undefined) deliver(group, consumer, delivery);
  }
};

const takeNew = (group: Group): Delivery | undefined => {
  const event = group.source.take();
  if (event === undefined) return undefined;
  group.taken = event;
  return { event, link: undefined, retries: 0 };
};

const deliver = (group: Group, consumer: Consumer, delivery: Delivery): void => {
  const { messageTimeout } = group.settings;
  const expire = () => {
    if (takeBack(consumer, idOf(delivery)) === undefined) return;
    retryOrPark(group, delivery);
    dispatch(group);
  };
  const timer = messageTimeout > 0 ? setTimeout(expire, messageTimeout).unref() : undefined;
  consumer.inFlight.set(idOf(delivery), { delivery, timer });
  consumer.total += 1;
  group.sent += 1;
  consumer.send(delivery);
};

const retryOrPark = (group: Group, { event, link, retries }: Delivery): void => {
  const { maxRetries } = group.settings;
  if (retries >= maxRetries) group.parking.park(event, `Reached retry count of ${maxRetries}`);
  else group.retries.push({ event, link, retries: retries + 1 });
};

export const acknowledge = (group: Group, consumer: Consumer, ids: readonly string[]): void => {
  for (const id of ids) {
    if (takeBack(consumer, id) !== undefined) group.checkpoints.answered(group.settings);
  }
  dispatch(group);
};

export const refuse = (
  group: Group,
  consumer: Consumer,
  ids: readonly string[],
  action: NackAction,
  reason: string,
): void => {
  for (const id of ids) {
    const delivery = takeBack(consumer, id);
    if (delivery === undefined) continue;
    if (action === 'retry') retryOrPark(group, delivery);
    else group.checkpoints.answered(group.settings);
    if (action === 'park') group.parking.park(delivery.event, `Client explicitly NAK'ed message.\n${reason}`);
  }
  dispatch(group);
};

/** A consumer went: what it holds goes to others, as one try more. */
export const leave = (group: Group, consumer: Consumer): void => {
  const index = group.consumers.indexOf(consumer);
  if (index < 0) return;
  group.consumers.splice(index, 1);
  for (const id of [...consumer.inFlight.keys()]) {
    const delivery = takeBack(consumer, id);
    if (delivery !== undefined) retryOrPark(group, delivery);
  }
  dispatch(group);
};

/** Sends every consumer away and begins again behind the last checkpoint. */
export const restartGroup = (group: Group, failure: Failure | undefined): void => {
  for (const consumer of group.consumers.splice(0)) {
    for (const id of [...consumer.inFlight.keys()]) takeBack(consumer, id);
    if (failure !== undefined) consumer.end(failure);
  }
  group.retries.length = 0;
  group.taken = group.checkpoints.last();
  group.source.resume(group.taken);
};

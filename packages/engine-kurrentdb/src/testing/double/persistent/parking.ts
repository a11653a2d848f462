import { randomUUID } from 'node:crypto';
import { ANY } from '../log/expected-revision.ts';
import type { LogRecord, NewEvent } from '../log/log-record.ts';
import type { Store } from '../log/store.ts';
import { firstVisible } from '../log/stream-state.ts';
import { linkTarget } from '../reading/links.ts';
import type { Delivery } from './consumer.ts';

/** The events that a group gave up: a stream of links to them, which readers can see. */
export interface Parking {
  park(event: LogRecord, reason: string): void;
  /** Takes the oldest out of the stream, at most `count` of them, to be delivered again. */
  takeOut(count: number): Delivery[];
  count(): number;
}

/** Only administrators may read the parked events of a real server. */
const ACL = { $r: '$admins', $w: '$admins', $d: '$admins', $mr: '$admins', $mw: '$admins' };

export const createParking = (store: Store, groupStream: string): Parking => {
  const name = `${groupStream}-parked`;
  const links = (): LogRecord[] => {
    const stream = store.stream(name);
    return stream === undefined ? [] : stream.events.slice(firstVisible(stream));
  };
  return {
    park: (event, reason) => append(store, name, linkTo(event, reason)),
    takeOut: (count) => {
      const taken = links().slice(0, count);
      const last = taken.at(-1);
      if (last !== undefined) append(store, `$$${name}`, truncation(last.revision + 1n));
      return taken.flatMap((link) => replay(store, link));
    },
    count: () => links().length,
  };
};

const append = (store: Store, stream: string, event: NewEvent): void => {
  store.commit({ expectations: [{ stream, expected: ANY }], events: [{ stream, event }] });
};

const replay = (store: Store, link: LogRecord): Delivery[] => {
  const event = linkTarget(store, link);
  return event === undefined ? [] : [{ event, link, retries: 0 }];
};

const linkTo = (event: LogRecord, reason: string): NewEvent => {
  const number = event.revision === 0n ? {} : { subscriptionEventNumber: Number(event.revision) };
  return {
    id: randomUUID(),
    type: '$>',
    isJson: false,
    data: Buffer.from(`${event.revision}@${event.stream}`),
    metadata: Buffer.from(JSON.stringify({ added: new Date().toISOString(), reason, ...number })),
  };
};

const truncation = (before: bigint): NewEvent => ({
  id: randomUUID(),
  type: '$metadata',
  isJson: true,
  data: Buffer.from(JSON.stringify({ $tb: Number(before), $acl: ACL })),
  metadata: new Uint8Array(),
});

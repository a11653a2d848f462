import { randomUUID } from 'node:crypto';
import { ANY } from '../log/expected-revision.ts';
import type { LogRecord } from '../log/log-record.ts';
import type { Store } from '../log/store.ts';
import type { GroupSettings } from './settings.ts';

/** How far a group has come for sure: what lies behind it is delivered again after a restart. */
export interface Checkpoints {
  last(): LogRecord | undefined;
  /** Counts an answered event, and sees to it that a checkpoint is written when it is due. */
  answered(settings: GroupSettings): void;
  stop(): void;
}

/** Writes checkpoints to the group's checkpoint stream; `reached` tells the last record with nothing open before it. */
export const createCheckpoints = (
  store: Store,
  groupStream: string,
  reached: () => LogRecord | undefined,
  placeOf: (record: LogRecord) => string,
): Checkpoints => {
  let last: LogRecord | undefined;
  let answered = 0;
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    timer = undefined;
    const record = reached();
    if (record === undefined || record === last) return;
    last = record;
    answered = 0;
    appendCheckpoint(store, `${groupStream}-checkpoint`, placeOf(record));
  };
  return {
    last: () => last,
    answered: (settings) => {
      answered += 1;
      if (answered >= settings.maxCheckpointCount) write();
      else if (answered >= settings.minCheckpointCount) {
        timer ??= setTimeout(write, settings.checkpointAfter).unref();
      }
    },
    stop: () => clearTimeout(timer),
  };
};

const appendCheckpoint = (store: Store, stream: string, place: string): void => {
  const event = {
    id: randomUUID(),
    type: '$SubscriptionCheckpoint',
    isJson: true,
    data: Buffer.from(JSON.stringify(place)),
    metadata: new Uint8Array(),
  };
  store.commit({ expectations: [{ stream, expected: ANY }], events: [{ stream, event }] });
};

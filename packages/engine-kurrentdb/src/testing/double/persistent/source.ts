import { type LogRecord, positionOf } from '../log/log-record.ts';
import type { Store } from '../log/store.ts';
import { DELETED, firstVisible } from '../log/stream-state.ts';
import type { AllTarget, StreamTarget } from '../reading/read-request.ts';

/** Where a group's events come from, in their order. */
export interface Source {
  readonly name: string;
  /** The next event, if there is one yet. */
  take(): LogRecord | undefined;
  /** How many records the source holds that were not taken. */
  waiting(): number;
  /** Goes on behind a record; without one, from where the group began. */
  resume(checkpoint: LogRecord | undefined): void;
  /** The last event of the source, in the form that the protocol shows places in. */
  lastKnown(): string;
  /** A record's place in that form. */
  placeOf(record: LogRecord): string;
  /** Where the group began, in that form. */
  readonly startFrom: string;
}

/** The events of one stream that its metadata still shows, and its tombstone. */
export const createStreamSource = (store: Store, { name, from }: StreamTarget): Source => {
  const length = () => store.stream(name)?.events.length ?? 0;
  const begin = from === 'end' ? length() : from === 'start' ? 0 : Number(from);
  let next = begin;
  let sentTombstone = false;
  const takeTombstone = (): LogRecord | undefined => {
    if (sentTombstone || store.stream(name)?.tombstoned !== true) return undefined;
    sentTombstone = true;
    return store.log.records.findLast((record) => record.stream === name && record.revision === DELETED);
  };
  return {
    name,
    take: () => {
      const stream = store.stream(name);
      if (stream === undefined) return undefined;
      next = Math.max(next, Math.min(firstVisible(stream), stream.events.length));
      const event = stream.events[next];
      if (event === undefined) return takeTombstone();
      next += 1;
      return event;
    },
    waiting: () => Math.max(0, length() - next),
    resume: (checkpoint) => {
      next = checkpoint === undefined ? begin : Number(checkpoint.revision) + 1;
    },
    lastKnown: () => (length() === 0 ? '' : String(length() - 1)),
    placeOf: (record) => String(record.revision),
    startFrom: from === 'end' ? '-1' : String(begin),
  };
};

/** The events of `$all` that a filter lets through. */
export const createAllSource = ({ log }: Store, { from, filter }: AllTarget): Source => {
  const begin = from === 'start' ? 0 : from === 'end' ? log.records.length : log.indexAt(from.commit);
  let next = begin;
  return {
    name: '$all',
    take: () => {
      for (let record = log.records[next]; record !== undefined; record = log.records[next]) {
        next += 1;
        if (filter === undefined || filter.matches(record)) return record;
      }
      return undefined;
    },
    waiting: () => log.records.length - next,
    resume: (checkpoint) => {
      next = checkpoint === undefined ? begin : log.indexAt(checkpoint.position) + 1;
    },
    lastKnown: () => placeInAll(log.records.at(-1)),
    placeOf: placeInAll,
    startFrom: from === 'end' ? 'C:-1/P:-1' : placeInAll(begin === 0 ? undefined : log.records[begin]),
  };
};

const placeInAll = (record: LogRecord | undefined): string => {
  const { commit, prepare } = record === undefined ? { commit: 0n, prepare: 0n } : positionOf(record);
  return `C:${commit}/P:${prepare}`;
};

import { randomUUID } from 'node:crypto';
import { createEventLog, type EventLog } from './event-log.ts';
import type { LogRecord, NewEvent } from './log-record.ts';
import { createRecentIds, type RecentIds } from './recent-ids.ts';
import { createStream, limitsFrom, type StreamState } from './stream-state.ts';

/** What a server holds: its log, what it knows of each stream, and the ids of recent events. */
export interface Data {
  readonly log: EventLog;
  readonly streams: Map<string, StreamState>;
  readonly recent: RecentIds;
}

export const createData = (): Data => ({
  log: createEventLog(),
  streams: new Map(),
  recent: createRecentIds(),
});

/** Whether a stream, or the one whose metadata it holds, was deleted for ever. */
export const isTombstoned = ({ streams }: Data, name: string): boolean =>
  streams.get(name.startsWith('$$') ? name.slice(2) : name)?.tombstoned === true;

/** Writes one event, unconditionally. */
export const addEvent = (data: Data, name: string, event: NewEvent): LogRecord => {
  const stream = streamToWrite(data, name);
  const record = data.log.add({ ...event, stream: name, revision: BigInt(stream.events.length) });
  stream.events.push(record);
  data.recent.add(record);
  if (name.startsWith('$$')) streamToWrite(data, name.slice(2)).limits = limitsFrom(event.data);
  return record;
};

export const streamToWrite = (data: Data, name: string): StreamState => {
  const known = data.streams.get(name);
  if (known !== undefined) return known;
  const stream = createStream(name);
  data.streams.set(name, stream);
  return stream;
};

/** Writes metadata that hides the events before a revision. */
export const setTruncation = (data: Data, name: string, before: bigint): LogRecord =>
  addEvent(data, `$$${name}`, {
    id: randomUUID(),
    type: '$metadata',
    isJson: true,
    data: Buffer.from(`{"$tb":${before}}`),
    metadata: new Uint8Array(),
  });

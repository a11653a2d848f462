import type { LogRecord } from './log-record.ts';

/** How many ids a server remembers; a real one bounds them by memory. */
const REMEMBERED = 200_000;

/**
 * The ids of the latest events, by which a server recognises a repeat whose expectation names no revision. They live
 * in memory only: after a restart such a repeat is written a second time (seen on a real server).
 */
export interface RecentIds {
  find(stream: string, id: string): LogRecord | undefined;
  add(record: LogRecord): void;
  forget(): void;
}

export const createRecentIds = (): RecentIds => {
  const records = new Map<string, LogRecord>();
  return {
    find: (stream, id) => {
      const record = records.get(id);
      return record?.stream === stream ? record : undefined;
    },
    add: (record) => {
      if (!records.has(record.id)) records.set(record.id, record);
      if (records.size > REMEMBERED) dropOldest(records);
    },
    forget: () => records.clear(),
  };
};

const dropOldest = (records: Map<string, LogRecord>) => {
  for (const id of records.keys()) {
    records.delete(id);
    return;
  }
};

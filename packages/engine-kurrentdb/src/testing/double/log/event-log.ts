import type { LogRecord } from './log-record.ts';

/** The bytes that a record takes in the log beside its texts; only the gaps between positions show it. */
const RECORD_OVERHEAD = 97;

/** Where the first record stands: a real log begins with records of its own. */
const FIRST_POSITION = 1024n;

/** Every record in the order of the log (`$all`). */
export interface EventLog {
  readonly records: readonly LogRecord[];
  /** The position that the next record will get. */
  end(): bigint;
  add(record: Omit<LogRecord, 'position' | 'created' | 'encoded'>): LogRecord;
  /** The index of the first record at or behind a commit position; the number of records if there is none. */
  indexAt(position: bigint): number;
  /** Calls back after records were added, once per turn of the event loop; returns how to stop that. */
  onGrowth(listener: () => void): () => void;
}

/** A log in memory with growing positions that have gaps, as byte offsets have. */
export const createEventLog = (): EventLog => {
  const records: LogRecord[] = [];
  const growth = createGrowthSignal();
  let end = FIRST_POSITION;
  return {
    records,
    end: () => end,
    add: (event) => {
      const record = { ...event, position: end, created: BigInt(Date.now()) * 10_000n, encoded: {} };
      records.push(record);
      end += BigInt(RECORD_OVERHEAD + event.stream.length + event.data.length + event.metadata.length);
      growth.tell();
      return record;
    },
    indexAt: (position) => indexAt(records, position),
    onGrowth: growth.subscribe,
  };
};

const createGrowthSignal = () => {
  const listeners = new Set<() => void>();
  let told = false;
  const tellAll = () => {
    told = false;
    for (const listener of [...listeners]) listener();
  };
  return {
    tell: () => {
      if (!told) setImmediate(tellAll);
      told = true;
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};

const indexAt = (records: readonly LogRecord[], position: bigint): number => {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const record = records[middle];
    if (record !== undefined && record.position < position) low = middle + 1;
    else high = middle;
  }
  return low;
};

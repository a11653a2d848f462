import type { Position, RecordedEvent } from '../event.ts';
import type { LogPage } from './folding.ts';
import { type LogEntry, logEntry } from './log-entry.ts';
import { type Partition, partitionOf } from './partitions.ts';

/** A page of the log for all projections of a process. */
export interface DividedPage {
  /** What is of a partition, up to the end of the page. */
  of(partition: Partition): LogPage;
}

/** The partition of each event is found out once, however many projections go by it; not at all where none does. */
export function dividePage(events: readonly RecordedEvent[], upTo: Position): DividedPage {
  const all = events.map(logEntry);
  const divided = new Map<number, readonly LogEntry[][]>();

  function partsOf(count: number): readonly LogEntry[][] {
    const known = divided.get(count);
    if (known !== undefined) return known;
    const parts = Array.from({ length: count }, (): LogEntry[] => []);
    for (const entry of all) parts[partitionOf(entry.recorded.stream, count)]?.push(entry);
    divided.set(count, parts);
    return parts;
  }

  return {
    of({ index, of }) {
      return { entries: of === 1 ? all : (partsOf(of)[index] ?? []), upTo };
    },
  };
}

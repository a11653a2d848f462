import type { Position, RecordedEvent } from '../event.ts';
import { type LogEntry, logEntry } from './log-entry.ts';
import type { RunningProjection } from './running-projection.ts';

/** What has been read of the log and not yet been applied. */
export interface PendingBatch {
  /** Takes a page, also an empty one: the checkpoint moves over it. */
  add(page: { readonly events: readonly RecordedEvent[]; readonly position: Position }): void;
  size(): number;
  isEmpty(): boolean;
  /** Hands it to every projection, each of which leaves out what it has seen already, and is empty again. */
  applyTo(projections: readonly RunningProjection[]): Promise<void>;
}

export function createPendingBatch(): PendingBatch {
  let entries: LogEntry[] = [];
  let position: Position | undefined;
  return {
    add(page) {
      for (const event of page.events) entries.push(logEntry(event));
      position = page.position;
    },
    size: () => entries.length,
    isEmpty: () => position === undefined,
    async applyTo(projections) {
      if (position === undefined) return;
      const [batch, upTo] = [entries, position];
      entries = [];
      position = undefined;
      for (const projection of projections) await projection.apply(batch, upTo);
    },
  };
}

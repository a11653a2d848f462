import type { Snapshot } from '@openbank/eventsourcing';
import type { SnapshotEntry } from './snapshot-event.ts';

/** The snapshot of a version with the highest revision, of all that were kept and not forgotten since. */
export interface Newest {
  /** Entries from the youngest to the oldest; undefined for what is none. */
  see(entry: SnapshotEntry | undefined): void;
  found(): Snapshot | undefined;
}

export function createNewest(version: string): Newest {
  const forgotten = new Set<number>();
  let newest: Snapshot | undefined;
  return {
    see(entry) {
      if (entry === undefined) return;
      if (entry.kind === 'forgotten') {
        if (entry.version === version) forgotten.add(entry.revision);
        return;
      }
      const { snapshot } = entry;
      if (snapshot.version !== version || forgotten.has(snapshot.revision)) return;
      if (newest === undefined || snapshot.revision > newest.revision) newest = snapshot;
    },
    found: () => newest,
  };
}

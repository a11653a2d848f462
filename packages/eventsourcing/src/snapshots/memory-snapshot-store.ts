import { EventSourcingError } from '../errors.ts';
import { SNAPSHOTS_KEPT, type Snapshot, type SnapshotStore } from './snapshot-store.ts';

export interface MemorySnapshotStoreOptions {
  /** Snapshots kept of a stream. Default 10. */
  readonly keep?: number;
}

/** Snapshots in memory, for tests and small programs. */
export function createMemorySnapshotStore(options: MemorySnapshotStoreOptions = {}): SnapshotStore {
  const { keep = SNAPSHOTS_KEPT } = options;
  const streams = new Map<string, readonly Snapshot[]>();
  let open = true;

  function assertOpen(): void {
    if (!open)
      throw new EventSourcingError('store-unavailable', 'The snapshots are closed: open them again.');
  }

  return {
    async save(snapshot) {
      assertOpen();
      const { stream, version, revision } = snapshot;
      const others = (streams.get(stream) ?? []).filter(
        (each) => each.version !== version || each.revision !== revision,
      );
      const kept = [...others, snapshot].sort(
        (a, b) => rank(b, version) - rank(a, version) || b.revision - a.revision,
      );
      streams.set(stream, kept.slice(0, keep));
    },
    async load(stream, version) {
      assertOpen();
      return streams.get(stream)?.filter((each) => each.version === version)[0];
    },
    async forget({ stream, version, revision }) {
      assertOpen();
      const kept = streams.get(stream) ?? [];
      streams.set(
        stream,
        kept.filter((each) => each.version !== version || each.revision !== revision),
      );
    },
    async close() {
      open = false;
    },
  };
}

/** Those of the version that is written now come first. */
function rank(snapshot: Snapshot, version: string): number {
  return snapshot.version === version ? 1 : 0;
}

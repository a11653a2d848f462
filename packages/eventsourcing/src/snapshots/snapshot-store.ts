import type { Position } from '../event.ts';

/** A state of an aggregate as its stream had made it by one of its events: from there a load goes on. */
export interface Snapshot {
  readonly stream: string;
  /** What wrote the state and can read it: see `StateCodec`. */
  readonly version: string;
  /** Revision of the last event that is in the state. */
  readonly revision: number;
  /** Chain link of that event: what tells whether the stream still holds it. */
  readonly link: string;
  /** Booking time of that event, microseconds since 1970. */
  readonly recordedAt: number;
  /** The log was durable at least up to here. One that ends before has lost its end. */
  readonly position: Position;
  /** JSON text. */
  readonly state: string;
  /** Over all of the above: see `sealSnapshot`. */
  readonly checksum: string;
}

export type SnapshotName = Pick<Snapshot, 'stream' | 'version' | 'revision'>;

/**
 * Where snapshots are kept. A cache: what is absent, stale or damaged makes a load slower, never wrong, so that a store
 * may lose any of them at any time. The contract suite in `testing/snapshot-store-contract.ts` is the definition of every
 * sentence here.
 */
export interface SnapshotStore {
  /**
   * Keeps a snapshot, and of its stream the last few only, those of its version before all others. Saved again, it is
   * replaced. Resolves when it can be loaded; nobody waits for that.
   *
   * @throws EventSourcingError `overloaded`, `storage-full`, `store-damaged`, `store-unavailable` - it is not kept
   */
  save(snapshot: Snapshot): Promise<void>;

  /**
   * The stream's snapshot of this version with the highest revision, as it was saved.
   *
   * @throws EventSourcingError `store-damaged`, `store-unavailable`
   */
  load(stream: string, version: string): Promise<Snapshot | undefined>;

  /** Takes away one that cannot be used, so that it is not found again. Soon: it may be loaded once more. */
  forget(snapshot: SnapshotName): Promise<void>;

  /** What was to be saved before is saved first. */
  close(): Promise<void>;
}

/** Snapshots of a stream that a store keeps unless it is told otherwise. */
export const SNAPSHOTS_KEPT = 10;

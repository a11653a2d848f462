import type { Snapshot, SnapshotName } from '@openbank/eventsourcing';
import type { Failure } from '../log/messages.ts';

// What the thread that writes snapshots is told, and says.

export interface SnapshotWorkerData {
  readonly directory: string;
  readonly keep: number;
}

export type ToSnapshotWriter =
  | { readonly kind: 'save'; readonly snapshots: readonly Snapshot[] }
  | { readonly kind: 'forget'; readonly snapshot: SnapshotName }
  /** The file is damaged: take it away. */
  | { readonly kind: 'begin-anew' }
  | { readonly kind: 'close' };

export type FromSnapshotWriter =
  /** All of the last `save`. */
  | { readonly kind: 'saved' }
  /** Nothing of the last `save`. */
  | { readonly kind: 'not-saved'; readonly failure: Failure }
  /** The file is another one from now on. */
  | { readonly kind: 'begun-anew' };

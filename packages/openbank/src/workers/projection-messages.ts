import type { Position } from '@openbank/eventsourcing';

/** What the projections' thread is made with. */
export interface ProjectionsWorkerData {
  readonly directory: string;
  readonly sharedHead: SharedArrayBuffer;
}

/** What the projections' thread says. */
export type ProjectionMessage =
  | { readonly kind: 'moved'; readonly projection: string; readonly position: Position }
  | { readonly kind: 'stopped'; readonly projection: string; readonly reason: string }
  /** A store is out of reach and is tried again. */
  | { readonly kind: 'retry'; readonly reason: string; readonly attempt: number };

import type { ProjectionNews } from '@openbank/eventsourcing';

/** What the projections' thread is made with. */
export interface ProjectionsWorkerData {
  readonly directory: string;
  readonly sharedHead: SharedArrayBuffer;
}

/** What the projections' thread says. */
export type ProjectionMessage =
  | ProjectionNews
  /** A store is out of reach and is tried again. */
  | { readonly kind: 'retry'; readonly reason: string; readonly attempt: number }
  /** All projections have stopped, each with its reason: a new thread would stop at the same. */
  | { readonly kind: 'ended' };

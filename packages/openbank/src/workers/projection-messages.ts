import type { LeaseNews, ProjectionNews } from '@openbank/eventsourcing';
import type { ProjectionStoresOptions } from '../stores/projection-stores.ts';

/** What the projections' thread is made with. */
export type ProjectionsWorkerData = ProjectionStoresOptions;

/** What the projections' thread says. */
export type ProjectionMessage =
  | ProjectionNews
  /** A store is out of reach and is tried again. */
  | { readonly kind: 'retry'; readonly reason: string; readonly attempt: number }
  /** What has become of a share of the work, where processes divide it. */
  | { readonly kind: 'share'; readonly share: string; readonly news: LeaseNews }
  /** All projections have stopped, each with its reason: a new thread would stop at the same. */
  | { readonly kind: 'ended' };

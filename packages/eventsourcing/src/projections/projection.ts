import type { DomainEvent, Position, Sealed } from '../event.ts';
import type { Upcaster } from '../repository/upcasting.ts';
import type { DocumentFields, ReadModel } from './read-model-store.ts';

/** An event as a projection sees it. Personal data stays sealed: it is opened at the query. */
export interface ProjectedEvent<Event extends DomainEvent = DomainEvent> {
  readonly event: Event & { readonly personal?: Sealed };
  readonly id: string;
  readonly stream: string;
  /** The id of the aggregate: the stream's name without its prefix. */
  readonly aggregateId: string;
  readonly revision: number;
  readonly position: Position;
  /** Microseconds since 1970. */
  readonly recordedAt: number;
}

/** A read model and how it follows from the log. Pure: no I/O, no clock. */
export interface Projection extends ReadModel {
  /** Streams that feed it start with this. */
  readonly streamPrefix: string;
  /** Every event type those streams can hold; any other one stops the projection with the type's name. */
  readonly eventTypes: readonly string[];
  /** How older forms of them become these: the aggregate's own list. */
  readonly upcasters?: readonly Upcaster[] | undefined;
  /**
   * Event types that may find no document. Where any other one finds none, the document is made again from its stream,
   * and the projection stops where that does not create it either (totals stop at once). A deleted document stays deleted
   * until one of these comes: others only move its tombstone.
   */
  readonly creates: readonly string[];
  /** Whether an event of such a type only changes this one of its documents, so that it must find it. Default: no. */
  updates?(event: ProjectedEvent, documentId: string): boolean;
  /** The ids of the documents that the event feeds, each once. */
  documentIds(event: ProjectedEvent): readonly string[];
  /** The fields of one of its documents after the event; undefined deletes it. */
  evolve(
    fields: DocumentFields | undefined,
    event: ProjectedEvent,
    documentId: string,
  ): DocumentFields | undefined;
  /** The version that is served, and fed on, while this one is filled for the first time. */
  readonly previous?: PreviousVersion;
}

/** The released version of a read model before a change, kept in the program until the next release. */
export interface PreviousVersion {
  readonly projection: Projection;
  /** One of its documents in the shape of the new version, as far as it goes. */
  upgraded(fields: DocumentFields): DocumentFields;
}

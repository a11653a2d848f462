import type { DomainEvent, Position, Sealed } from '../event.ts';
import type { FieldType, FieldValue, JsonValue, ReadModel } from './read-model-store.ts';

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

/** A document's fields as TypeScript sees them, from the read model's declaration. */
export type FieldsOf<Fields extends Readonly<Record<string, FieldType>>> = {
  readonly [Name in keyof Fields]: Fields[Name] extends 'integer'
    ? bigint | null
    : Fields[Name] extends 'text'
      ? string | null
      : JsonValue;
};

/**
 * A read model and how it follows from the log. Pure: no I/O, no clock. A document is fed by one stream and carries
 * that stream's revision.
 */
export interface Projection extends ReadModel {
  /** Streams that feed it start with this. */
  readonly streamPrefix: string;
  /** Every event type those streams can hold; any other one stops the projection with the type's name. */
  readonly eventTypes: readonly string[];
  /**
   * Event types that may find no document; any other one must find one. A deleted document stays deleted until one of
   * these comes: others only move its tombstone.
   */
  readonly creates: readonly string[];
  /** The id of the document that the event feeds; undefined where it feeds none. */
  documentId(event: ProjectedEvent): string | undefined;
  /** The document's fields after the event; undefined deletes it. */
  evolve(
    fields: Readonly<Record<string, FieldValue>> | undefined,
    event: ProjectedEvent,
  ): Readonly<Record<string, FieldValue>> | undefined;
}

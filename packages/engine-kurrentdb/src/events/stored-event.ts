import type streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import { EventSourcingError, type Position, type RecordedEvent } from '@openbank/eventsourcing';
import { type CommitPlace, fromStoredMetadata } from './event-metadata.ts';
import { toPosition } from './position.ts';

/** An event as the protocol delivers it. */
export type StoredEvent = streams.ReadResp.ReadEvent.RecordedEvent;

export interface PlacedEvent {
  readonly event: RecordedEvent;
  readonly place: CommitPlace;
}

/** The kit's event; undefined where this engine has not written it. */
export function toPlacedEvent(stored: StoredEvent): PlacedEvent | undefined {
  const facts = fromStoredMetadata(text(stored.getCustomMetadata_asU8()));
  if (facts === undefined) return undefined;
  const { place, ...told } = facts;
  const event = {
    ...told,
    id: stored.getId()?.getString() ?? '',
    type: typeOf(stored),
    data: dataOf(stored),
    stream: streamOf(stored),
    revision: revisionOf(stored),
    position: positionOf(stored),
  };
  return { event, place };
}

export function streamOf(stored: StoredEvent): string {
  return text(stored.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array());
}

export function positionOf(stored: StoredEvent): Position {
  return toPosition({ commit: stored.getCommitPosition(), prepare: stored.getPreparePosition() });
}

export function revisionOf(stored: StoredEvent): number {
  return Number(stored.getStreamRevision());
}

export function typeOf(stored: StoredEvent): string {
  return stored.getMetadataMap().get('type') ?? '';
}

/** When the store wrote it by its own clock, milliseconds since 1970. */
export function createdOf(stored: StoredEvent): number {
  return Number(stored.getMetadataMap().get('created')) / TICKS_IN_A_MILLISECOND;
}

/** Of 100 nanoseconds each. */
const TICKS_IN_A_MILLISECOND = 10_000;

export function dataOf(stored: StoredEvent): string {
  return text(stored.getData_asU8());
}

/** An event stands where only those of this engine may. */
export function foreignEvent(stored: StoredEvent): EventSourcingError {
  const name = `${typeOf(stored)} at ${streamOf(stored)}@${stored.getStreamRevision()}`;
  return new EventSourcingError(
    'store-damaged',
    `The event ${name} was not written by this program, or has lost its metadata: keep other writers out of its streams.`,
  );
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}

import type { RecordedEvent } from '../event.ts';
import type { SealedEvent } from '../repository/event-codec.ts';
import { decoderOf, type EventDecoder } from '../repository/upcasting.ts';
import type { ProjectedEvent, Projection } from './projection.ts';

/** An event of the log on its way through the projections of a process: decoded once, by the first that folds it. */
export interface LogEntry {
  readonly recorded: RecordedEvent;
  decoder: EventDecoder | undefined;
  decoded: SealedEvent | undefined;
  projected: ProjectedEvent | undefined;
}

export function logEntry(recorded: RecordedEvent): LogEntry {
  return { recorded, decoder: undefined, decoded: undefined, projected: undefined };
}

/**
 * The event as the projection sees it, in its newest form. Projections of the same prefix and the same forms share it.
 *
 * @throws EventSourcingError `unknown-event-type`
 */
export function projectedEvent(entry: LogEntry, projection: Projection): ProjectedEvent {
  const prefix = projection.streamPrefix;
  const { stream, id, revision, position, recordedAt } = entry.recorded;
  const event = decoded(entry, decoderOf(projection));
  const idLength = stream.length - prefix.length;
  if (entry.projected?.aggregateId.length === idLength) return entry.projected;
  const aggregateId = stream.slice(prefix.length);
  entry.projected = { event, id, stream, aggregateId, revision, position, recordedAt };
  return entry.projected;
}

function decoded(entry: LogEntry, decoder: EventDecoder): SealedEvent {
  if (entry.decoded !== undefined && entry.decoder === decoder) return entry.decoded;
  const event = decoder.read(entry.recorded);
  entry.projected = undefined;
  entry.decoder = decoder;
  entry.decoded = event;
  return event;
}

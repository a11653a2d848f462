import type { DomainEvent, RecordedEvent, Sealed } from '../event.ts';
import { decodeEvent } from '../repository/event-codec.ts';
import type { ProjectedEvent } from './projection.ts';

/** An event of the log on its way through the projections of a process: decoded once, by the first that folds it. */
export interface LogEntry {
  readonly recorded: RecordedEvent;
  decoded: (DomainEvent & { readonly personal?: Sealed }) | undefined;
  projected: ProjectedEvent | undefined;
}

export function logEntry(recorded: RecordedEvent): LogEntry {
  return { recorded, decoded: undefined, projected: undefined };
}

/** The event as a projection of streams with this prefix sees it. Projections of the same prefix share it. */
export function projectedEvent(entry: LogEntry, prefix: string): ProjectedEvent {
  const { stream, id, revision, position, recordedAt } = entry.recorded;
  const idLength = stream.length - prefix.length;
  if (entry.projected?.aggregateId.length === idLength) return entry.projected;
  entry.decoded ??= decodeEvent(entry.recorded);
  const aggregateId = stream.slice(prefix.length);
  entry.projected = { event: entry.decoded, id, stream, aggregateId, revision, position, recordedAt };
  return entry.projected;
}

import { hasCode } from '../errors.ts';
import type { DomainEvent, RecordedEvent } from '../event.ts';
import type { LogEntry } from '../projections/log-entry.ts';
import type { Aggregate } from '../repository/aggregate.ts';
import type { SealedEvent } from '../repository/event-codec.ts';
import { decoderOf } from '../repository/upcasting.ts';
import { type Findings, placeOf } from './findings.ts';

export type AnyAggregate = Aggregate<unknown, DomainEvent>;

/** An event in the words of its domain. */
export interface AggregateEvent {
  readonly aggregate: AnyAggregate;
  readonly event: SealedEvent;
}

/** Decodes an entry by the aggregate that its stream belongs to; undefined, and named, where that is not possible. */
export function aggregateEvent(
  aggregates: readonly AnyAggregate[],
  entry: LogEntry,
  findings: Findings,
): AggregateEvent | undefined {
  const { recorded } = entry;
  const aggregate = aggregates.find(({ streamPrefix }) => recorded.stream.startsWith(streamPrefix));
  if (aggregate === undefined) {
    findings.add('stream-unknown', placeOf(recorded), 'this program knows no streams of this kind');
    return undefined;
  }
  try {
    const decoder = decoderOf(aggregate);
    const event = decoder.read(recorded);
    // Projections of the same event types take it from there.
    entry.decoder = decoder;
    entry.decoded = event;
    return { aggregate, event };
  } catch (error) {
    nameUnreadable(recorded, error, findings);
    return undefined;
  }
}

function nameUnreadable(recorded: RecordedEvent, error: unknown, findings: Findings): void {
  const { type, schemaVersion } = recorded;
  if (hasCode(error, 'unknown-event-type')) {
    const what = `it is a ${type} in version ${schemaVersion}: run a version that knows it`;
    findings.add('unknown-event-type', placeOf(recorded), what);
  } else {
    findings.add('event-unreadable', placeOf(recorded), `its data is not that of a ${type}`);
  }
}

import type { AnswerEvent, DomainEvent } from '@openbank/eventsourcing';

/**
 * The event of a command that its answer is made from. Whatever was made anew for a repeated request, such as ids, is
 * not in the answer: it stands in the event.
 *
 * @throws Error - the command has recorded none: a fault of the program
 */
export function recorded<Event extends DomainEvent>(
  events: readonly AnswerEvent[],
  isWanted: (event: DomainEvent) => event is Event,
): RecordedFact<Event> {
  for (const { event, stream, recordedAt } of events) {
    if (isWanted(event)) return { event, stream, recordedAt };
  }
  throw new Error('The command has recorded no event that its answer can be made from.');
}

/**
 * All events of a command that are wanted, in their order.
 *
 * @throws Error - the command has recorded none: a fault of the program
 */
export function allRecorded<Event extends DomainEvent>(
  events: readonly AnswerEvent[],
  isWanted: (event: DomainEvent) => event is Event,
): readonly [RecordedFact<Event>, ...RecordedFact<Event>[]] {
  const first = recorded(events, isWanted);
  const all: [RecordedFact<Event>, ...RecordedFact<Event>[]] = [first];
  for (const { event, stream, recordedAt } of events) {
    if (event !== first.event && isWanted(event)) all.push({ event, stream, recordedAt });
  }
  return all;
}

export interface RecordedFact<Event extends DomainEvent> {
  readonly event: Event;
  readonly stream: string;
  /** Microseconds since 1970. */
  readonly recordedAt: number;
}

/** The id of the aggregate that a stream belongs to. */
export function idIn(stream: string, aggregate: { readonly streamPrefix: string }): string {
  return stream.slice(aggregate.streamPrefix.length);
}

import { EventSourcingError } from '../errors.ts';
import type { Position, RecordedEvent } from '../event.ts';
import type { Claim, EventReader, StreamRange } from '../event-store/event-store.ts';
import type { Vault } from '../personal-data/vault.ts';
import type { AnswerEvent, AnyRef } from './command.ts';
import { decoderOf, type EventDecoder } from './upcasting.ts';

/** What the events of a claim are read with. */
export interface ClaimedEventsOptions {
  readonly store: EventReader;
  readonly vault: Vault;
  /** The kinds of aggregates whose events they can be. */
  readonly aggregates: readonly AnyRef['aggregate'][];
}

/** The events of the command that took a claim. */
export interface ClaimedEvents {
  /** In the claim's order, in their newest forms, personal data in the clear or `ERASED`. */
  readonly events: readonly AnswerEvent[];
  /** Of the last of them in the log. */
  readonly position: Position;
}

/**
 * Reads the events that a claim points at, as the command's answer was made from them.
 *
 * @throws EventSourcingError `store-damaged` - the log does not hold them all
 * @throws EventSourcingError `unknown-event-type` - they belong to none of the aggregates, or to a newer program
 */
export async function claimedEvents(options: ClaimedEventsOptions, claim: Claim): Promise<ClaimedEvents> {
  const recorded: RecordedEvent[] = [];
  for (const range of claim.events) recorded.push(...(await readRange(options.store, range)));
  const positions = recorded.map(({ position }) => position).sort();
  return {
    events: await Promise.all(recorded.map((each) => toAnswerEvent(options, each))),
    position: positions.at(-1) ?? '',
  };
}

async function readRange(store: EventReader, { stream, first, last }: StreamRange): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of store.readStream(stream, { from: first, limit: last - first + 1 }))
    events.push(...page);
  if (events.length !== last - first + 1) throw incomplete(stream, first, last);
  return events;
}

/** What has taken a claim is in the log as long as the claim. */
function incomplete(stream: string, first: number, last: number): EventSourcingError {
  return new EventSourcingError(
    'store-damaged',
    `A claim points at ${stream}@${first} to ${last}, but the store does not show them: restore it from a backup.`,
  );
}

async function toAnswerEvent(
  { aggregates, vault }: ClaimedEventsOptions,
  recorded: RecordedEvent,
): Promise<AnswerEvent> {
  const { id, stream, revision, recordedAt } = recorded;
  const { type, data, personal } = decoderFor(aggregates, recorded).read(recorded);
  if (personal === undefined) return { event: { type, data }, id, stream, revision, recordedAt };
  const plain = { subject: personal.subject, plain: await vault.open(personal) };
  return { event: { type, data, personal: plain }, id, stream, revision, recordedAt };
}

/** The repeated command may have made itself another id, so that its aggregates are known by their kind only. */
function decoderFor(
  aggregates: ClaimedEventsOptions['aggregates'],
  { stream, metadata }: RecordedEvent,
): EventDecoder {
  const aggregate = aggregates.find(({ type }) => type === metadata.aggregate_type);
  if (aggregate !== undefined) return decoderOf(aggregate);
  throw new EventSourcingError(
    'unknown-event-type',
    `${stream} belongs to none of the aggregates of this command, though it has used the same key for the same request: run the version that recorded it.`,
  );
}

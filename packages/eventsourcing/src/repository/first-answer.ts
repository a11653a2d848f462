import { EventSourcingError } from '../errors.ts';
import type { RecordedEvent } from '../event.ts';
import type { Claim, EventReader, StreamRange } from '../event-store/event-store.ts';
import type { Vault } from '../personal-data/vault.ts';
import type { AnswerEvent, AnyRef, Executed, Execution } from './command.ts';
import { decoderOf, type EventDecoder } from './upcasting.ts';

/** The first answer again, rebuilt from the events that the claim points at. */
export async function firstAnswer(
  store: EventReader,
  vault: Vault,
  { on, answer }: Execution<readonly AnyRef[], unknown>,
  claim: Claim,
): Promise<Executed<unknown>> {
  const recorded: RecordedEvent[] = [];
  for (const range of claim.events) recorded.push(...(await readRange(store, range)));
  const events = await Promise.all(recorded.map((each) => toAnswerEvent(vault, on, each)));
  return {
    answer: answer(events),
    position:
      recorded
        .map(({ position }) => position)
        .sort()
        .at(-1) ?? '',
    revision: claim.events[0]?.last ?? -1,
    replayed: true,
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
  vault: Vault,
  on: readonly AnyRef[],
  recorded: RecordedEvent,
): Promise<AnswerEvent> {
  const { id, stream, revision, recordedAt } = recorded;
  const { type, data, personal } = decoderFor(on, recorded).read(recorded);
  if (personal === undefined) return { event: { type, data }, id, stream, revision, recordedAt };
  const plain = { subject: personal.subject, plain: await vault.open(personal) };
  return { event: { type, data, personal: plain }, id, stream, revision, recordedAt };
}

/** The repeated command may have made itself another id, so that its aggregates are known by their kind only. */
function decoderFor(on: readonly AnyRef[], { stream, metadata }: RecordedEvent): EventDecoder {
  const ref = on.find(({ aggregate }) => aggregate.type === metadata.aggregate_type);
  if (ref !== undefined) return decoderOf(ref.aggregate);
  throw new EventSourcingError(
    'unknown-event-type',
    `${stream} belongs to none of the aggregates of this command, though it has used the same key for the same request: run the version that recorded it.`,
  );
}

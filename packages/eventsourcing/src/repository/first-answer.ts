import type { RecordedEvent } from '../event.ts';
import type { Claim, EventReader, StreamRange } from '../event-store/event-store.ts';
import type { Vault } from '../personal-data/vault.ts';
import type { AnswerEvent, AnyRef, Executed, Execution } from './command.ts';
import { decodeEvent } from './event-codec.ts';

/** The first answer again, rebuilt from the events that the claim points at. */
export async function firstAnswer(
  store: EventReader,
  vault: Vault,
  { answer }: Execution<readonly AnyRef[], unknown>,
  claim: Claim,
): Promise<Executed<unknown>> {
  const recorded: RecordedEvent[] = [];
  for (const range of claim.events) recorded.push(...(await readRange(store, range)));
  const events = await Promise.all(recorded.map((each) => toAnswerEvent(vault, each)));
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
  return events;
}

async function toAnswerEvent(vault: Vault, recorded: RecordedEvent): Promise<AnswerEvent> {
  const { id, stream, revision, recordedAt } = recorded;
  const { type, data, personal } = decodeEvent(recorded);
  if (personal === undefined) return { event: { type, data }, id, stream, revision, recordedAt };
  const plain = { subject: personal.subject, plain: await vault.open(personal) };
  return { event: { type, data, personal: plain }, id, stream, revision, recordedAt };
}

import type { DomainEvent, Metadata, NewEvent, Personal } from '../event.ts';
import type { Vault } from '../personal-data/vault.ts';
import type { AnswerEvent, AnyRef } from './command.ts';
import { encodeData, type SealedEvent } from './event-codec.ts';
import { newId, type PendingCommand } from './pending-command.ts';
import { decoderOf } from './upcasting.ts';

/** An event between its decision and its commit. */
export interface DraftEvent {
  readonly id: string;
  readonly ref: AnyRef;
  readonly stream: string;
  readonly revision: number;
  /** As it was decided: its personal data in the clear. */
  readonly plain: DomainEvent;
  /** As its aggregate's state is made from it. */
  readonly sealed: SealedEvent;
  /** As it is stored. */
  readonly data: string;
  readonly command: PendingCommand;
  /** Which of its command's events it is, from 0. */
  readonly index: number;
  /** Stamped with its commit. */
  recordedAt: number;
}

type Place = Pick<DraftEvent, 'ref' | 'stream' | 'revision' | 'command' | 'index'>;

/**
 * @throws TypeError - the aggregate could not read it again: it does not declare the type, or the data has a member
 *   that is not its own
 */
export function draftEvent(plain: DomainEvent, place: Place, vault: Vault): DraftEvent {
  const { aggregate } = place.ref;
  if (!aggregate.eventTypes.includes(plain.type)) {
    throw new TypeError(
      `${aggregate.type} decided a ${plain.type}, which is not among its event types: add it there.`,
    );
  }
  const id = newId();
  const sealed = sealEvent(plain, id, vault);
  const { ref, stream, revision, command, index } = place;
  return {
    id,
    ref,
    stream,
    revision,
    plain,
    sealed,
    data: encodeData(sealed),
    command,
    index,
    recordedAt: 0,
  };
}

/** Seals the event's personal data; its subject's key is in the vault's cache by now. */
function sealEvent(event: DomainEvent, id: string, vault: Vault): SealedEvent {
  const { type, data } = event;
  const personal = plainPersonal(event);
  return personal === undefined ? { type, data } : { type, data, personal: vault.sealNow(personal, id) };
}

/** The event's personal data where it is in the clear. */
function plainPersonal({ personal }: DomainEvent): Personal | undefined {
  return personal !== undefined && 'plain' in personal ? personal : undefined;
}

/** Whose keys the events need, where their personal data is in the clear. */
export function subjectsOf(decided: readonly (readonly DomainEvent[])[]): string[] {
  return decided.flatMap((events) => events.flatMap((event) => plainPersonal(event)?.subject ?? []));
}

/** The draft as the command's answer is made from it. */
export function answerEvent({ plain, id, stream, revision, recordedAt }: DraftEvent): AnswerEvent {
  return { event: plain, id, stream, revision, recordedAt };
}

/** Where an event stands in its commit. */
export interface CommitPlace {
  readonly commitId: string;
  readonly index: number;
  readonly size: number;
}

/** The draft as it is recorded, all but the link to the event before it. */
export function recordable(draft: DraftEvent, place: CommitPlace): Omit<NewEvent, 'link'> {
  const { id, sealed, data, recordedAt } = draft;
  const { type } = sealed;
  const schemaVersion = decoderOf(draft.ref.aggregate).currentVersion(type);
  return { id, type, schemaVersion, recordedAt, data, metadata: metadataOf(draft, place) };
}

/** Keys in sorted order, as the chain wants them: see `chainLink`. */
function metadataOf({ command: { context }, ref, index }: DraftEvent, place: CommitPlace): Metadata {
  const metadata = {
    actor: context.actor ?? '',
    aggregate_id: ref.id,
    aggregate_type: ref.aggregate.type,
    causation_id: context.causationId,
    command_id: context.commandId,
    command_index: String(index),
    commit_id: place.commitId,
    commit_index: String(place.index),
    commit_size: String(place.size),
    correlation_id: context.correlationId,
  };
  return context.traceparent === undefined ? metadata : { ...metadata, traceparent: context.traceparent };
}

import { chainLink } from '../chain.ts';
import type { DomainEvent, Metadata, NewEvent, Personal } from '../event.ts';
import type { Claim, Commit, CommitLimits, StreamRange } from '../event-store/event-store.ts';
import type { Vault } from '../personal-data/vault.ts';
import type { AnswerEvent, AnyRef } from './command.ts';
import { PreconditionFailed } from './errors.ts';
import type { EventClock } from './event-clock.ts';
import { encodeData, type SealedEvent } from './event-codec.ts';
import type { LoadedState } from './loaded-state.ts';
import { claimNames, newId, type PendingCommand } from './pending-command.ts';

/** A command whose events are in the batch's commit. */
export interface Accepted {
  readonly command: PendingCommand;
  readonly ranges: readonly StreamRange[];
  /** Its events in the order of its aggregates; complete once the commit is sealed. */
  readonly events: readonly DraftEvent[];
}

/** An event between its decision and its commit. */
export interface DraftEvent {
  readonly id: string;
  readonly ref: AnyRef;
  readonly stream: string;
  readonly revision: number;
  /** As it is stored. */
  readonly sealed: SealedEvent;
  /** As it was decided: its personal data in the clear. */
  readonly plain: DomainEvent;
  readonly data: string;
  readonly command: PendingCommand;
  /** Which of its command's events it is, from 0. */
  readonly index: number;
  recordedAt: number;
}

/** Commands that are decided one after the other, each on what the one before left, into one commit. */
export interface CommandBatch {
  readonly accepted: readonly Accepted[];
  /** What the command decides on the states as they are now; throws its refusal. */
  decide(command: PendingCommand): readonly (readonly DomainEvent[])[];
  /** Whether one of its claims is already taken in this batch: then it waits for the outcome. */
  repeatsClaim(command: PendingCommand): boolean;
  /** Takes a command's events in; false where the commit would pass a limit, and it has to wait for the next. */
  accept(command: PendingCommand, decided: readonly (readonly DomainEvent[])[]): boolean;
  /** Stamps and links all events. Call it right before the append: times follow the order of the log. */
  seal(clock: EventClock): Commit;
  /** The states once the commit is durable. */
  states(): ReadonlyMap<string, LoadedState>;
}

interface Working {
  readonly before: LoadedState;
  state: unknown;
  readonly drafts: DraftEvent[];
  after: LoadedState | undefined;
}

export function createCommandBatch(
  loaded: ReadonlyMap<string, LoadedState>,
  vault: Vault,
  limits: CommitLimits,
): CommandBatch {
  const working = new Map<string, Working>();
  const accepted: Accepted[] = [];
  const taken = new Set<string>();
  let events = 0;
  let bytes = 0;

  function workingOn(stream: string): Working {
    const known = working.get(stream);
    if (known !== undefined) return known;
    const before = loaded.get(stream);
    if (before === undefined) throw new Error(`${stream} was not loaded`);
    const fresh: Working = { before, state: before.state, drafts: [], after: undefined };
    working.set(stream, fresh);
    return fresh;
  }

  const revisionOf = ({ before, drafts }: Working) => before.revision + drafts.length;

  function draft(command: PendingCommand, decided: readonly (readonly DomainEvent[])[]): DraftEvent[] {
    const drafts: DraftEvent[] = [];
    decided.forEach((list, at) => {
      const ref = command.execution.on[at];
      const stream = command.streams[at];
      if (ref === undefined || stream === undefined)
        throw new Error('decide answered for more aggregates than it has');
      const first = revisionOf(workingOn(stream)) + 1;
      list.forEach((plain, offset) => {
        const id = newId();
        const sealed = sealEvent(plain, id, vault);
        const base = { id, ref, stream, revision: first + offset, sealed, plain, data: encodeData(sealed) };
        drafts.push({ ...base, command, index: drafts.length, recordedAt: 0 });
      });
    });
    return drafts;
  }

  return {
    accepted,

    decide({ execution, streams, context }) {
      const states = streams.map(workingOn);
      const first = states[0];
      if (context.expectedRevision !== undefined && first !== undefined) {
        if (revisionOf(first) !== context.expectedRevision) throw new PreconditionFailed(revisionOf(first));
      }
      return execution.decide(states.map(({ state }) => state));
    },

    repeatsClaim: (command) => claimNames(command).some((name) => taken.has(name)),

    accept(command, decided) {
      const drafts = draft(command, decided);
      const size = drafts.reduce((sum, { data }) => sum + data.length * 3 + METADATA_BYTES, 0);
      const fits = events + drafts.length <= limits.maxCommitEvents && bytes + size <= limits.maxCommitBytes;
      if (!fits && accepted.length > 0) return false;
      for (const each of drafts) {
        const target = workingOn(each.stream);
        target.state = each.ref.aggregate.evolve(target.state, each.sealed);
        target.drafts.push(each);
      }
      for (const name of claimNames(command)) taken.add(name);
      accepted.push({ command, ranges: rangesOf(drafts), events: drafts });
      events += drafts.length;
      bytes += size;
      return true;
    },

    seal(clock) {
      const commit = { id: newId(), size: events };
      let index = 0;
      const streams = [];
      for (const [stream, each] of working) {
        if (each.drafts.length === 0) continue;
        let { link, recordedAt, revision } = each.before;
        const expected = revision < 0 ? ('no-stream' as const) : revision;
        const sealed: NewEvent[] = each.drafts.map((draft) => {
          recordedAt = clock.next(recordedAt);
          draft.recordedAt = recordedAt;
          const event = recordable(draft, metadataOf(draft, commit, index++));
          link = chainLink(link, stream, ++revision, event);
          return { ...event, link };
        });
        each.after = { state: each.state, revision, link, recordedAt };
        streams.push({ stream, expected, events: sealed });
      }
      return { streams, claims: accepted.flatMap(claimsOf) };
    },

    states() {
      const after = new Map<string, LoadedState>();
      for (const [stream, each] of working) if (each.after !== undefined) after.set(stream, each.after);
      return after;
    },
  };
}

/** Room for an event's metadata in the estimate of a commit's bytes; the store measures exactly. */
const METADATA_BYTES = 2_000;

/** Seals the event's personal data; its subject's key is in the vault's cache by now. */
function sealEvent(event: DomainEvent, id: string, vault: Vault): SealedEvent {
  const personal = plainPersonal(event);
  if (personal === undefined) return { type: event.type, data: event.data };
  return { type: event.type, data: event.data, personal: vault.sealNow(personal, id) };
}

/** The event's personal data where it is in the clear. */
export function plainPersonal({ personal }: DomainEvent): Personal | undefined {
  return personal !== undefined && 'plain' in personal ? personal : undefined;
}

function recordable(draft: DraftEvent, metadata: Metadata): Omit<NewEvent, 'link'> {
  const { id, sealed, data, recordedAt } = draft;
  return { id, type: sealed.type, schemaVersion: 1, recordedAt, data, metadata };
}

/** Keys in sorted order, as the chain wants them: see `chainLink`. */
function metadataOf(draft: DraftEvent, commit: { id: string; size: number }, index: number): Metadata {
  const { context } = draft.command;
  const metadata: Record<string, string> = {
    actor: context.actor ?? '',
    aggregate_id: draft.ref.id,
    aggregate_type: draft.ref.aggregate.type,
    causation_id: context.causationId,
    command_id: context.commandId,
    command_index: String(draft.index),
    commit_id: commit.id,
    commit_index: String(index),
    commit_size: String(commit.size),
    correlation_id: context.correlationId,
  };
  if (context.traceparent !== undefined) metadata.traceparent = context.traceparent;
  return metadata;
}

function rangesOf(drafts: readonly DraftEvent[]): StreamRange[] {
  const ranges = new Map<string, StreamRange>();
  for (const { stream, revision } of drafts) {
    ranges.set(stream, { stream, first: ranges.get(stream)?.first ?? revision, last: revision });
  }
  return [...ranges.values()];
}

function claimsOf({ command, ranges }: Accepted): Claim[] {
  const requestHash = command.context.idempotency?.requestHash ?? '';
  return claimNames(command).map((name) => ({ name, requestHash, events: ranges }));
}

/** The draft as the command's answer is made from it. */
export function answerEvent({ plain, id, stream, revision, recordedAt }: DraftEvent): AnswerEvent {
  return { event: plain, id, stream, revision, recordedAt };
}

import { chainLink } from '../chain.ts';
import type { DomainEvent, NewEvent } from '../event.ts';
import type { Claim, Commit, CommitLimits, StreamAppend, StreamRange } from '../event-store/event-store.ts';
import type { Vault } from '../personal-data/vault.ts';
import { type DraftEvent, draftEvent, recordable } from './draft-event.ts';
import { PreconditionFailed } from './errors.ts';
import type { EventClock } from './event-clock.ts';
import type { LoadedState } from './loaded-state.ts';
import { newId, type PendingCommand } from './pending-command.ts';

/** New events by aggregate, in the order of the command's aggregates. */
export type Decided = readonly (readonly DomainEvent[])[];

/** A command whose events are in the batch's commit. */
export interface Accepted {
  readonly command: PendingCommand;
  readonly ranges: readonly StreamRange[];
  /** Its events in the order of its aggregates; their times are known once the commit is sealed. */
  readonly events: readonly DraftEvent[];
}

/** Commands that are decided one after the other, each on what the one before left, into one commit. */
export interface CommandBatch {
  readonly accepted: readonly Accepted[];
  /** What the command decides on the states as they are now; throws its refusal. */
  decide(command: PendingCommand): Decided;
  /** Whether one of its claims is already taken in this batch: then it waits for the outcome. */
  repeatsClaim(command: PendingCommand): boolean;
  /** Takes in all of a command's events; false where the commit would pass a limit, and it has to wait for the next. */
  accept(command: PendingCommand, decided: Decided): boolean;
  /** Stamps and links all events. Call it right before the append: times follow the order of the log. */
  seal(clock: EventClock): Commit;
  /** The states once the commit is durable. */
  states(): readonly (readonly [stream: string, state: LoadedState])[];
}

/** A stream while commands are decided on it. */
interface Working {
  readonly stream: string;
  /** As the store has it. */
  readonly before: LoadedState;
  /** As it is after the drafts. */
  state: unknown;
  readonly drafts: DraftEvent[];
  after: LoadedState | undefined;
}

/** What one command adds to one stream: kept apart until all of the command is known to be sound. */
interface Addition {
  readonly target: Working;
  readonly state: unknown;
  readonly drafts: readonly DraftEvent[];
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
    const fresh: Working = { stream, before, state: before.state, drafts: [], after: undefined };
    working.set(stream, fresh);
    return fresh;
  }

  function additionsOf(command: PendingCommand, decided: Decided): Addition[] {
    let index = 0;
    return command.execution.on.map((ref, at) => {
      const target = workingOn(command.streams[at] ?? '');
      let revision = revisionOf(target);
      let { state } = target;
      const drafts = (decided[at] ?? []).map((plain) => {
        const place = { ref, stream: target.stream, revision: ++revision, command, index: index++ };
        const draft = draftEvent(plain, place, vault);
        state = ref.aggregate.evolve(state, draft.sealed);
        return draft;
      });
      return { target, state, drafts };
    });
  }

  return {
    accepted,

    decide({ execution, streams, context }) {
      const all = streams.map(workingOn);
      const states = all.map(({ state }) => state);
      const { expectedRevision } = context;
      const revision = all[0] === undefined ? -1 : revisionOf(all[0]);
      if (expectedRevision === undefined || expectedRevision === revision) return execution.decide(states);
      // What does not exist is refused as that, whatever was expected of it.
      if (revision < 0) execution.decide(states);
      throw new PreconditionFailed(revision);
    },

    repeatsClaim: ({ claims }) => claims.some((name) => taken.has(name)),

    accept(command, decided) {
      const additions = additionsOf(command, decided);
      const drafts = additions.flatMap((addition) => addition.drafts);
      const size = drafts.reduce((sum, { data }) => sum + data.length * MAX_UTF8_BYTES + METADATA_BYTES, 0);
      const fits = events + drafts.length <= limits.maxCommitEvents && bytes + size <= limits.maxCommitBytes;
      if (!fits && accepted.length > 0) return false;
      for (const addition of additions) {
        addition.target.state = addition.state;
        addition.target.drafts.push(...addition.drafts);
      }
      for (const name of command.claims) taken.add(name);
      accepted.push({ command, ranges: additions.flatMap(rangeOf), events: drafts });
      events += drafts.length;
      bytes += size;
      return true;
    },

    seal(clock) {
      const commitId = newId();
      let index = 0;
      const streams: StreamAppend[] = [];
      for (const each of working.values()) {
        if (each.drafts.length === 0) continue;
        let { link, recordedAt, revision } = each.before;
        const expected = revision < 0 ? 'no-stream' : revision;
        const sealed: NewEvent[] = each.drafts.map((draft) => {
          recordedAt = clock.next(recordedAt);
          draft.recordedAt = recordedAt;
          const event = recordable(draft, { commitId, index: index++, size: events });
          link = chainLink(link, each.stream, ++revision, event);
          return { ...event, link };
        });
        each.after = { state: each.state, revision, link, recordedAt };
        streams.push({ stream: each.stream, expected, events: sealed });
      }
      return { streams, claims: accepted.flatMap(claimsOf) };
    },

    // No generator: each batch would make a function with a prototype of its own, whose hidden class, in the heap's old
    // part, keeps the whole batch until that is cleaned (measured: 7 KB for each command).
    states() {
      const states: [string, LoadedState][] = [];
      for (const { stream, after } of working.values()) if (after !== undefined) states.push([stream, after]);
      return states;
    },
  };
}

/** A character of a text takes at most so many bytes in UTF-8. */
const MAX_UTF8_BYTES = 3;
/** Room for an event's metadata in the estimate of a commit's bytes; the store measures exactly. */
const METADATA_BYTES = 2_000;

function revisionOf({ before, drafts }: Working): number {
  return before.revision + drafts.length;
}

function rangeOf({ target: { stream }, drafts }: Addition): StreamRange[] {
  const [first] = drafts;
  if (first === undefined) return [];
  return [{ stream, first: first.revision, last: first.revision + drafts.length - 1 }];
}

/**
 * A key points at all that its command has recorded, since its first answer is made from that. Of what is done once nobody
 * asks for more than that it was: many such names and many streams in one command must not make a list for each.
 */
function claimsOf({ command, ranges }: Accepted): Claim[] {
  const { claim: key, requestHash = '' } = command.context.idempotency ?? {};
  return command.claims.map((name) => ({
    name,
    requestHash,
    events: name === key ? ranges : ranges.slice(0, 1),
  }));
}

import { setTimeout as delay } from 'node:timers/promises';
import { EventSourcingError, hasCode } from '../errors.ts';
import type { DomainEvent } from '../event.ts';
import { ClaimTaken, RevisionConflict } from '../event-store/errors.ts';
import type { Claim, EventStore } from '../event-store/event-store.ts';
import type { Vault } from '../personal-data/vault.ts';
import type { Answers } from './answers.ts';
import { appendUntilKnown, jittered } from './append.ts';
import { answerEvent, type CommandBatch, createCommandBatch, plainPersonal } from './command-batch.ts';
import { OutcomeUnknown } from './errors.ts';
import type { EventClock } from './event-clock.ts';
import type { LoadedState, StateCache } from './loaded-state.ts';
import { loadState } from './loading.ts';
import { claimNames, type PendingCommand } from './pending-command.ts';

export interface AttemptsOptions {
  readonly store: EventStore;
  readonly vault: Vault;
  readonly clock: EventClock;
  readonly cache: StateCache;
  readonly answers: Answers;
  readonly maxConflicts: number;
}

/**
 * Decides the commands in turn, appends what was accepted as one commit, settles what it can, and returns the commands
 * that are to be decided again. The caller holds their streams.
 *
 * @param confirmed - the streams whose states were seen in the store while they were held; kept between attempts
 */
export type Attempt = (commands: Commands, confirmed: Set<string>) => Promise<Commands>;
type Commands = readonly PendingCommand[];

export function createAttempts({
  store,
  vault,
  clock,
  cache,
  answers,
  maxConflicts,
}: AttemptsOptions): Attempt {
  async function attempt(commands: Commands, confirmed: Set<string>): Promise<Commands> {
    const batch = createCommandBatch(await loadAll(commands, confirmed), vault, store.limits);
    const { again, refused, idle } = await decideAll(commands, batch, confirmed);
    if (batch.accepted.length > 0) {
      const failure = await append(batch, confirmed);
      if (failure !== undefined) return afterFailure(failure.error, commands, batch, confirmed);
    }
    // A refusal was decided on what the commit left, so it is true only now.
    for (const { command, refusal } of refused) answers.refuse(command, refusal);
    for (const command of idle) answers.nothingToDo(command);
    return again;
  }

  async function loadAll(commands: Commands, confirmed: Set<string>): Promise<Map<string, LoadedState>> {
    const states = new Map<string, LoadedState>();
    for (const command of commands) {
      for (const stream of command.streams) {
        if (!states.has(stream))
          states.set(stream, cache.get(stream) ?? (await load(command, stream, confirmed)));
      }
    }
    return states;
  }

  async function load({ execution, streams }: PendingCommand, stream: string, confirmed: Set<string>) {
    const ref = execution.on[streams.indexOf(stream)];
    if (ref === undefined) throw new Error(`${stream} belongs to no aggregate of the command`);
    const state = await loadState(store, ref, cache.get(stream));
    cache.set(stream, state);
    confirmed.add(stream);
    return state;
  }

  async function decideAll(commands: Commands, batch: CommandBatch, confirmed: Set<string>) {
    const again: PendingCommand[] = [];
    const refused: { command: PendingCommand; refusal: unknown }[] = [];
    const idle: PendingCommand[] = [];
    for (const [at, command] of commands.entries()) {
      if (batch.repeatsClaim(command)) {
        again.push(command);
        continue;
      }
      try {
        const decided = batch.decide(command);
        if (decided.every((events) => events.length === 0)) idle.push(command);
        else if (!(await takeIn(command, decided, batch))) {
          // The commit is full. Nobody behind overtakes: all wait for the next one.
          again.push(...commands.slice(at));
          break;
        }
      } catch (refusal) {
        if (await confirmStates(command, confirmed)) again.push(command);
        else refused.push({ command, refusal });
      }
    }
    return { again, refused, idle };
  }

  async function takeIn(command: PendingCommand, decided: Decided, batch: CommandBatch): Promise<boolean> {
    if (!command.prepared && command.execution.prepare !== undefined) {
      await command.execution.prepare();
      command.prepared = true;
    }
    for (const subject of subjectsOf(decided)) if (!vault.hasKey(subject)) await vault.loadKey(subject);
    return batch.accept(command, decided);
  }

  /**
   * Where other processes write too, a refusal decided on a cached state is decided again on what the streams hold by
   * now. Answers whether there was anything left to confirm.
   */
  async function confirmStates(command: PendingCommand, confirmed: Set<string>): Promise<boolean> {
    if (!store.sharedWriters) return false;
    const open = command.streams.filter((stream) => !confirmed.has(stream));
    for (const stream of open) await load(command, stream, confirmed);
    return open.length > 0;
  }

  async function append(
    batch: CommandBatch,
    confirmed: Set<string>,
  ): Promise<{ error: unknown } | undefined> {
    const commit = batch.seal(clock);
    const deadline = Math.max(...batch.accepted.map(({ command }) => command.deadline));
    try {
      const { position } = await appendUntilKnown(store, commit, deadline);
      for (const [stream, state] of batch.states()) {
        cache.set(stream, state);
        confirmed.add(stream);
      }
      for (const { command, ranges, events } of batch.accepted) {
        const answer = command.execution.answer(events.map(answerEvent));
        command.resolve({ answer, position, revision: ranges[0]?.last ?? -1, replayed: false });
      }
      return undefined;
    } catch (error) {
      for (const { stream } of commit.streams) {
        cache.delete(stream);
        confirmed.delete(stream);
      }
      return { error };
    }
  }

  async function afterFailure(
    error: unknown,
    commands: Commands,
    batch: CommandBatch,
    confirmed: Set<string>,
  ) {
    if (error instanceof RevisionConflict) return afterConflict(error, commands);
    if (error instanceof ClaimTaken) return withoutClaimant(error.claim, commands);
    const accepted = new Set(batch.accepted.map(({ command }) => command));
    if (hasCode(error, 'commit-refused') && accepted.size > 1) return apart(commands, confirmed);
    for (const { reject, execution } of accepted) {
      reject(
        hasCode(error, 'outcome-unknown')
          ? new OutcomeUnknown(execution.resourceId, { cause: error })
          : error,
      );
    }
    return commands.filter((command) => !accepted.has(command));
  }

  /** The commands on the conflicting stream have used up one of their tries; all are decided again on newer states. */
  async function afterConflict(conflict: RevisionConflict, commands: Commands): Promise<Commands> {
    const concerned = commands.filter(({ streams }) => streams.includes(conflict.stream));
    for (const command of concerned) command.conflicts++;
    const tries = Math.max(...concerned.map(({ conflicts }) => conflicts));
    if (tries > 1) await delay(jittered(Math.min(2 ** tries, MAX_PAUSE_MS)));
    return commands.filter((command) => {
      if (command.conflicts <= maxConflicts) return true;
      answers.refuse(command, conflict);
      return false;
    });
  }

  /** The command whose claim was taken leaves; the rest is decided and appended again at once. */
  function withoutClaimant(claim: Claim, commands: Commands): Commands {
    const claimant = commands.find((command) => claimNames(command).includes(claim.name));
    if (claimant === undefined)
      throw new EventSourcingError('store-damaged', `${claim.name} was not claimed here.`);
    if (claimant.context.idempotency?.claim === claim.name) answers.repeat(claimant, claim);
    else answers.refuse(claimant, onceOnlyRefusal(claimant, claim));
    return commands.filter((command) => command !== claimant);
  }

  /** One of several is more than the store takes: each stands or falls alone. */
  async function apart(commands: Commands, confirmed: Set<string>): Promise<Commands> {
    for (const command of commands) {
      let left: Commands = [command];
      while (left.length > 0) left = await attempt(left, confirmed);
    }
    return [];
  }

  return attempt;
}

type Decided = readonly (readonly DomainEvent[])[];

const MAX_PAUSE_MS = 200;

function subjectsOf(decided: Decided): string[] {
  return decided.flatMap((events) => events.flatMap((event) => plainPersonal(event)?.subject ?? []));
}

function onceOnlyRefusal({ execution }: PendingCommand, claim: Claim): Error {
  const onceOnly = execution.claims?.find((each) => each.claim === claim.name);
  return onceOnly?.taken() ?? new ClaimTaken(claim);
}

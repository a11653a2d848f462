import { setTimeout as delay } from 'node:timers/promises';
import { EventSourcingError, hasCode } from '../errors.ts';
import type { Position } from '../event.ts';
import { ClaimTaken, RevisionConflict } from '../event-store/errors.ts';
import type { Claim, Commit, EventStore } from '../event-store/event-store.ts';
import type { Vault } from '../personal-data/vault.ts';
import type { Answers } from './answers.ts';
import { appendUntilKnown, jittered } from './append.ts';
import { type CommandBatch, createCommandBatch } from './command-batch.ts';
import { subjectsOf } from './draft-event.ts';
import { OutcomeUnknown } from './errors.ts';
import type { EventClock } from './event-clock.ts';
import type { LoadedState, StateCache } from './loaded-state.ts';
import type { Load } from './loading.ts';
import { onceOnlyRefusal } from './once-only.ts';
import type { PendingCommand } from './pending-command.ts';
import type { Snapshots } from './snapshots.ts';

export interface AttemptsOptions {
  readonly store: EventStore;
  readonly vault: Vault;
  readonly clock: EventClock;
  readonly cache: StateCache;
  readonly loadState: Load;
  readonly snapshots: Snapshots;
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
  loadState,
  snapshots,
  answers,
  maxConflicts,
}: AttemptsOptions): Attempt {
  async function attempt(commands: Commands, confirmed: Set<string>): Promise<Commands> {
    const { states, loadable } = await loadAll(commands, confirmed);
    const batch = createCommandBatch(states, vault, store.limits);
    const { again, refused, idle } = await decideAll(loadable, batch, confirmed);
    if (batch.accepted.length > 0) {
      const failure = await append(batch, confirmed);
      if (failure !== undefined) return afterFailure(failure.error, loadable, batch, confirmed);
    }
    // A refusal was decided on what the commit left, so it is true only now.
    for (const { command, refusal } of refused) answers.refuse(command, refusal);
    if (idle.length > 0) {
      const now = new Map([...states, ...batch.states()]);
      for (const command of idle)
        answers.nothingToDo(command, now.get(command.streams[0] ?? '')?.revision ?? -1);
    }
    return again;
  }

  /** The states of all streams; a command whose stream cannot be read is refused, and is no concern of the others. */
  async function loadAll(commands: Commands, confirmed: Set<string>) {
    const states = new Map<string, LoadedState>();
    const loadable: PendingCommand[] = [];
    let away: EventSourcingError | undefined;
    for (const command of commands) {
      try {
        for (const stream of command.streams) {
          if (states.has(stream)) continue;
          const cached = cache.get(stream);
          // Asked once in vain, the store is not asked again for each command that waits.
          if (cached === undefined && away !== undefined) throw away;
          states.set(stream, cached ?? (await load(command, stream, confirmed)));
        }
        loadable.push(command);
      } catch (fault) {
        if (hasCode(fault, 'store-unavailable')) away = fault;
        // Nor is it asked for the key.
        if (fault === away) command.reject(fault);
        else answers.refuse(command, fault);
      }
    }
    return { states, loadable };
  }

  async function load({ execution, streams }: PendingCommand, stream: string, confirmed: Set<string>) {
    const ref = execution.on[streams.indexOf(stream)];
    if (ref === undefined) throw new Error(`${stream} belongs to no aggregate of the command`);
    const state = await loadState(ref, cache.get(stream));
    cache.set(stream, state);
    confirmed.add(stream);
    return state;
  }

  async function decideAll(commands: Commands, batch: CommandBatch, confirmed: Set<string>) {
    const again: PendingCommand[] = [];
    const refused: { command: PendingCommand; refusal: unknown }[] = [];
    const idle: PendingCommand[] = [];
    for (const [at, command] of commands.entries()) {
      if (command.deadline < Date.now()) {
        answers.refuse(command, tooLate());
        continue;
      }
      if (batch.repeatsClaim(command)) {
        again.push(command);
        continue;
      }
      try {
        const decided = batch.decide(command);
        if (decided.every((events) => events.length === 0)) {
          if (await confirmStates(command, confirmed)) again.push(command);
          else idle.push(command);
          continue;
        }
        if (needsPreparation(command) && !(await prepare(command))) continue;
        for (const subject of subjectsOf(decided)) if (!vault.hasKey(subject)) await vault.loadKey(subject);
        if (batch.accept(command, decided)) continue;
        // The commit is full. Nobody behind overtakes: all wait for the next one.
        again.push(...commands.slice(at));
        break;
      } catch (refusal) {
        if (await confirmStates(command, confirmed)) again.push(command);
        else refused.push({ command, refusal });
      }
    }
    return { again, refused, idle };
  }

  /** Prepares, unless the command's key is taken: a repeat leaves no trace, so it is answered at once. */
  async function prepare(command: PendingCommand): Promise<boolean> {
    const claim = await answers.takenKey(command);
    if (claim !== undefined) {
      answers.repeat(command, claim);
      return false;
    }
    await command.execution.prepare?.();
    command.prepared = true;
    return true;
  }

  /**
   * Where other processes write too, what was decided on a cached state and records nothing is decided again on what
   * the streams hold by now. Answers whether there was anything left to confirm.
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
    const deadline = batch.accepted.reduce((latest, { command }) => Math.max(latest, command.deadline), 0);
    let position: Position;
    try {
      ({ position } = await appendUntilKnown(store, commit, deadline));
    } catch (error) {
      forget(streamsInDoubt(error, commit), confirmed);
      return { error };
    }
    for (const [stream, state] of batch.states()) {
      cache.set(stream, state);
      confirmed.add(stream);
    }
    for (const each of batch.accepted) answers.recorded(each, position);
    snapshots.committed(batch, position);
    return undefined;
  }

  function forget(streams: readonly string[], confirmed: Set<string>): void {
    for (const stream of streams) {
      cache.delete(stream);
      confirmed.delete(stream);
    }
  }

  async function afterFailure(
    error: unknown,
    commands: Commands,
    batch: CommandBatch,
    confirmed: Set<string>,
  ) {
    if (error instanceof RevisionConflict) return afterConflict(error, commands);
    if (error instanceof ClaimTaken) return withoutClaimants(error.claim, commands);
    const accepted = new Set(batch.accepted.map(({ command }) => command));
    const isRefused = hasCode(error, 'commit-refused') || hasCode(error, 'time-refused');
    if (isRefused && accepted.size > 1) return apart(commands, confirmed);
    for (const command of accepted) {
      if (!hasCode(error, 'outcome-unknown')) answers.refuse(command, error);
      else command.reject(new OutcomeUnknown(command.execution.resourceId, { cause: error }));
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

  /**
   * Where one claim was taken, others may be: after an outage all callers repeat at once. Every command whose claims are
   * taken leaves; the rest is decided and appended again at once.
   */
  async function withoutClaimants(taken: Claim, commands: Commands): Promise<Commands> {
    const left: PendingCommand[] = [];
    for (const command of commands) {
      try {
        const claim = await takenClaim(command, taken);
        if (claim === undefined) left.push(command);
        else if (command.context.idempotency?.claim === claim.name) answers.repeat(command, claim);
        else answers.refuse(command, onceOnlyRefusal(command, claim));
      } catch (fault) {
        command.reject(fault);
      }
    }
    if (left.length < commands.length) return left;
    throw new EventSourcingError('store-damaged', `${taken.name} was not claimed here.`);
  }

  /** The first of a command's claims that is taken. */
  async function takenClaim({ claims }: PendingCommand, known: Claim): Promise<Claim | undefined> {
    for (const name of claims) {
      const claim = name === known.name ? known : await store.claim(name);
      if (claim !== undefined) return claim;
    }
    return undefined;
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

const MAX_PAUSE_MS = 200;

/** The streams whose states may not be what was decided on; where nothing was written, no others are. */
function streamsInDoubt(error: unknown, { streams }: Commit): string[] {
  if (error instanceof RevisionConflict) return [error.stream];
  return hasCode(error, 'outcome-unknown') ? streams.map(({ stream }) => stream) : [];
}

/** What those before it have waited for, such as a key, took too long. */
function tooLate(): EventSourcingError {
  return new EventSourcingError(
    'overloaded',
    'It has waited too long for the commands before it: nothing was recorded; try again in a moment.',
  );
}

function needsPreparation({ execution, prepared }: PendingCommand): boolean {
  return execution.prepare !== undefined && !prepared;
}

import { hasCode } from '../errors.ts';
import { validateCommit } from '../event-store/commit-validation.ts';
import type { EventStore } from '../event-store/event-store.ts';
import type { Vault } from '../personal-data/vault.ts';
import { answerOf, idleAnswer, takenKey } from './answers.ts';
import type { AnyRef, CommandContext, Executed, Execution } from './command.ts';
import { type Accepted, type CommandBatch, createCommandBatch, type Decided } from './command-batch.ts';
import { subjectsOf } from './draft-event.ts';
import type { EventClock } from './event-clock.ts';
import { repeatedAnswer } from './first-answer.ts';
import type { LoadedState } from './loaded-state.ts';
import { asDoneBefore, onceOnlyRefusal } from './once-only.ts';
import { type PendingCommand, pendingCommand } from './pending-command.ts';
import type { StateReads } from './state-reads.ts';

/** Answers, or refuses, what the command would be answered now, and leaves no trace of it. */
export type DryRun = (
  execution: Execution<readonly AnyRef[], unknown>,
  context: CommandContext,
) => Promise<Executed<unknown>>;

export interface DryRunOptions {
  readonly store: EventStore;
  readonly vault: Vault;
  readonly clock: EventClock;
  readonly read: StateReads['read'];
}

/**
 * The command goes the way of all commands up to its commit, which is judged and thrown away: by the same decision, drafts
 * and limits. It waits in no queue and holds no stream: others may change between its reads.
 */
export function createDryRun({ store, vault, clock, read }: DryRunOptions): DryRun {
  const drafting = withoutKeys(vault);

  async function statesOf({ execution, streams }: PendingCommand): Promise<Map<string, LoadedState>> {
    const states = new Map<string, LoadedState>();
    for (let from = 0; from < streams.length; from += READS_AT_ONCE) {
      const some = execution.on.slice(from, from + READS_AT_ONCE);
      const loaded = await Promise.all(some.map(read));
      for (const [at, state] of loaded.entries()) states.set(streams[from + at] ?? '', state);
    }
    return states;
  }

  async function decided(command: PendingCommand): Promise<Executed<unknown>> {
    const states = await statesOf(command);
    const batch = createCommandBatch(states, drafting, store.limits);
    const events = await decision(command, batch);
    if (events.every((each) => each.length === 0)) {
      return idleAnswer(store, command, states.get(command.streams[0] ?? '')?.revision ?? -1);
    }
    await loadKeys(command, events);
    batch.accept(command, events);
    validateCommit(batch.seal(clock.fork()), store.limits);
    return unlessClaimed(command, batch.accepted);
  }

  async function decision(command: PendingCommand, batch: CommandBatch): Promise<Decided> {
    try {
      return batch.decide(command);
    } catch (refusal) {
      throw await asDoneBefore(store, command, refusal);
    }
  }

  /** Keys that the command would make are not there, and are not made. */
  async function loadKeys({ execution }: PendingCommand, events: Decided): Promise<void> {
    for (const subject of subjectsOf(events)) {
      try {
        if (!vault.hasKey(subject)) await vault.loadKey(subject);
      } catch (error) {
        if (execution.prepare === undefined || !hasCode(error, 'key-missing')) throw error;
      }
    }
  }

  async function unlessClaimed(
    command: PendingCommand,
    accepted: readonly Accepted[],
  ): Promise<Executed<unknown>> {
    for (const name of command.claims) {
      const claim = await store.claim(name);
      if (claim === undefined) continue;
      if (name !== command.context.idempotency?.claim) throw onceOnlyRefusal(command, claim);
      return repeatedAnswer(store, vault, command, claim);
    }
    const position = (await store.head()) ?? '';
    const [own] = accepted;
    if (own === undefined) throw new Error('a batch takes its first command, whatever its size');
    return answerOf(own, position);
  }

  return async (execution, context) => {
    const command = pendingCommand(execution, context, Number.POSITIVE_INFINITY, NOBODY);
    const claim = await takenKey(store, command);
    return claim === undefined ? decided(command) : repeatedAnswer(store, vault, command, claim);
  };
}

/** A batch can name thousands of streams, and a dry run waits in no queue. */
const READS_AT_ONCE = 16;

/** Whoever waits for a dry run waits for its promise. */
const NOBODY = { resolve() {}, reject() {} };

/** Nonce and tag of a cipher, bytes. */
const CIPHER_OVERHEAD = 28;

/** Seals for subjects that have no key yet too: with zeros, as many as the cipher would have bytes. */
function withoutKeys(vault: Vault): Vault {
  return {
    ...vault,
    sealNow(personal, event) {
      const { subject, plain } = personal;
      if (vault.hasKey(subject)) return vault.sealNow(personal, event);
      const bytes = CIPHER_OVERHEAD + Buffer.byteLength(JSON.stringify(plain));
      return { subject, event, cipher: Buffer.alloc(bytes).toString('base64url') };
    },
  };
}

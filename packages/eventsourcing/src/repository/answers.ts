import type { Claim, EventStore } from '../event-store/event-store.ts';
import type { Vault } from '../personal-data/vault.ts';
import { IdempotencyKeyReused } from './errors.ts';
import { firstAnswer } from './first-answer.ts';
import type { StateCache } from './loaded-state.ts';
import type { PendingCommand } from './pending-command.ts';

/** Answers commands that record nothing. Each returns at once; the command is settled when the look-up is done. */
export interface Answers {
  /** Refuses, unless the command's key is taken: what was recorded once is answered, whatever the state is now. */
  refuse(command: PendingCommand, refusal: unknown): void;
  /** Answers a command that had nothing to do, unless its key is taken. */
  nothingToDo(command: PendingCommand): void;
  /** Gives the first answer again where the claim belongs to the same request, and refuses another one. */
  repeat(command: PendingCommand, claim: Claim): void;
}

export function createAnswers(store: EventStore, vault: Vault, cache: StateCache): Answers {
  async function repeat(
    { context, execution, resolve, reject }: PendingCommand,
    claim: Claim,
  ): Promise<void> {
    if (claim.requestHash !== context.idempotency?.requestHash) reject(new IdempotencyKeyReused());
    else resolve(await firstAnswer(store, vault, execution, claim));
  }

  /** Cannot know is never a refusal: a failed look-up is answered as what it is. */
  function settle(command: PendingCommand, otherwise: () => void | Promise<void>): void {
    const key = command.context.idempotency?.claim;
    const claim = key === undefined ? Promise.resolve(undefined) : store.claim(key);
    claim.then((taken) => (taken === undefined ? otherwise() : repeat(command, taken))).catch(command.reject);
  }

  return {
    refuse: (command, refusal) => settle(command, () => command.reject(refusal)),

    nothingToDo(command) {
      const revision = cache.get(command.streams[0] ?? '')?.revision ?? -1;
      settle(command, async () => {
        const position = (await store.head()) ?? '';
        command.resolve({ answer: command.execution.answer([]), position, revision, replayed: false });
      });
    },

    repeat: (command, claim) => void repeat(command, claim).catch(command.reject),
  };
}

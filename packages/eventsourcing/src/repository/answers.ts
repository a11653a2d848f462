import type { Position } from '../event.ts';
import type { Claim, EventStore } from '../event-store/event-store.ts';
import type { Vault } from '../personal-data/vault.ts';
import type { Accepted } from './command-batch.ts';
import { answerEvent } from './draft-event.ts';
import { IdempotencyKeyReused } from './errors.ts';
import { firstAnswer } from './first-answer.ts';
import type { PendingCommand } from './pending-command.ts';

/** Settles commands. Each returns at once; where a look-up is needed, the command is settled when it is done. */
export interface Answers {
  /** Answers from the events that the command has recorded. */
  recorded(accepted: Accepted, position: Position): void;
  /** Refuses, unless the command's key is taken: what was recorded once is answered, whatever the state is now. */
  refuse(command: PendingCommand, refusal: unknown): void;
  /**
   * Answers a command that had nothing to do, unless its key is taken.
   *
   * @param revision - where the stream of its first aggregate is
   */
  nothingToDo(command: PendingCommand, revision: number): void;
  /** Gives the first answer again where the claim belongs to the same request, and refuses another one. */
  repeat(command: PendingCommand, claim: Claim): void;
  /** The claim on the command's idempotency key, if that is taken. */
  takenKey(command: PendingCommand): Promise<Claim | undefined>;
}

export function createAnswers(store: EventStore, vault: Vault): Answers {
  async function repeat(
    { context, execution, resolve, reject }: PendingCommand,
    claim: Claim,
  ): Promise<void> {
    if (claim.requestHash !== context.idempotency?.requestHash) reject(new IdempotencyKeyReused());
    else resolve(await firstAnswer(store, vault, execution, claim));
  }

  /** Cannot know is never a refusal: a failed look-up is answered as what it is. */
  function settle(command: PendingCommand, otherwise: () => void | Promise<void>): void {
    takenKey(command)
      .then((claim) => (claim === undefined ? otherwise() : repeat(command, claim)))
      .catch(command.reject);
  }

  async function takenKey({ context }: PendingCommand): Promise<Claim | undefined> {
    return context.idempotency === undefined ? undefined : store.claim(context.idempotency.claim);
  }

  return {
    takenKey,

    recorded({ command, ranges, events }, position) {
      try {
        const answer = command.execution.answer(events.map(answerEvent));
        command.resolve({ answer, position, revision: ranges[0]?.last ?? -1, replayed: false });
      } catch (defect) {
        command.reject(defect);
      }
    },

    refuse: (command, refusal) => settle(command, () => command.reject(refusal)),

    nothingToDo(command, revision) {
      settle(command, async () => {
        const position = (await store.head()) ?? '';
        command.resolve({ answer: command.execution.answer([]), position, revision, replayed: false });
      });
    },

    repeat: (command, claim) => void repeat(command, claim).catch(command.reject),
  };
}

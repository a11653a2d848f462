import type { Position } from '../event.ts';
import type { Claim, EventStore } from '../event-store/event-store.ts';
import type { Vault } from '../personal-data/vault.ts';
import type { Executed } from './command.ts';
import type { Accepted } from './command-batch.ts';
import { answerEvent } from './draft-event.ts';
import { repeatedAnswer } from './first-answer.ts';
import { asDoneBefore } from './once-only.ts';
import type { PendingCommand } from './pending-command.ts';

/** Settles commands. Each returns at once; where a look-up is needed, the command is settled when it is done. */
export interface Answers {
  /** Answers from the events that the command has recorded. */
  recorded(accepted: Accepted, position: Position): void;
  /**
   * Refuses, unless the command's key is taken: what was recorded once is answered, whatever the state is now. What may be
   * done only once and was done is refused as that.
   */
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
  async function repeat(command: PendingCommand, claim: Claim): Promise<void> {
    command.resolve(await repeatedAnswer(store, vault, command, claim));
  }

  /** Cannot know is never a refusal: a failed look-up is answered as what it is. */
  function settle(command: PendingCommand, otherwise: () => void | Promise<void>): void {
    takenKey(store, command)
      .then((claim) => (claim === undefined ? otherwise() : repeat(command, claim)))
      .catch(command.reject);
  }

  return {
    takenKey: (command) => takenKey(store, command),

    recorded(accepted, position) {
      const { command } = accepted;
      try {
        command.resolve(answerOf(accepted, position));
      } catch (defect) {
        command.reject(defect);
      }
    },

    refuse: (command, refusal) =>
      settle(command, async () => command.reject(await asDoneBefore(store, command, refusal))),

    nothingToDo(command, revision) {
      settle(command, async () => command.resolve(await idleAnswer(store, command, revision)));
    },

    repeat: (command, claim) => void repeat(command, claim).catch(command.reject),
  };
}

/** The claim on the command's idempotency key, if that is taken. */
export async function takenKey(
  store: Pick<EventStore, 'claim'>,
  { context }: PendingCommand,
): Promise<Claim | undefined> {
  return context.idempotency === undefined ? undefined : store.claim(context.idempotency.claim);
}

/** @throws what the command's `answer` throws */
export function answerOf({ command, ranges, events }: Accepted, position: Position): Executed<unknown> {
  const answer = command.execution.answer(events.map(answerEvent));
  return { answer, position, revision: ranges[0]?.last ?? -1, replayed: false };
}

/**
 * The answer of a command that had nothing to do.
 *
 * @param revision - where the stream of its first aggregate is
 */
export async function idleAnswer(
  store: Pick<EventStore, 'head'>,
  { execution }: PendingCommand,
  revision: number,
): Promise<Executed<unknown>> {
  const position = (await store.head()) ?? '';
  return { answer: execution.answer([]), position, revision, replayed: false };
}

import type { CommandContext, Executed, Handler, Repository } from '@openbank/eventsourcing';
import { type BookedAnswer, bookedAnswer } from '../answers/transaction.ts';
import { bankAccount } from '../domain/bank-account.ts';
import { assertTwoAccounts, recordTransfer } from '../domain/transfer.ts';
import { type MovementCommand, movementOf, validateMovement } from './movement.ts';

/** Moves money from one account to another: one commit on both streams. It is answered to the account that pays. */
export interface CreateTransfer extends MovementCommand {
  readonly type: 'CreateTransfer';
  readonly fromAccountId: string;
  readonly toAccountId: string;
}

/**
 * A transfer to itself is refused here already, because the repository takes no aggregate twice.
 *
 * @throws Refusal `malformed` - with every field that is wrong in itself; `same-account`
 */
export function validateCreateTransfer(command: CreateTransfer): void {
  validateMovement(command);
  assertTwoAccounts(command);
}

export function createTransfer(
  repository: Repository,
): Handler<CreateTransfer, CommandContext, Executed<BookedAnswer>> {
  return async (command, context) => {
    const { fromAccountId, toAccountId, transactionId } = command;
    const transfer = { fromAccountId, toAccountId, ...movementOf(command) };
    return repository.execute(
      {
        on: [bankAccount(fromAccountId), bankAccount(toAccountId)],
        decide: ([payer, payee]) => recordTransfer(payer, payee, transfer),
        answer: bookedAnswer,
        resourceId: transactionId,
      },
      context,
    );
  };
}

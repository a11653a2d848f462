import type { CommandContext, Executed, Handler, Repository } from '@openbank/eventsourcing';
import { type BookedAnswer, bookedAnswer } from '../answers/transaction.ts';
import { bankAccount } from '../domain/bank-account.ts';
import { recordWithdrawal } from '../domain/withdrawal.ts';
import { type MovementCommand, movementOf } from './movement.ts';

/** Takes money out of an account. */
export interface CreateWithdrawal extends MovementCommand {
  readonly type: 'CreateWithdrawal';
  readonly accountId: string;
}

export function createWithdrawal(
  repository: Repository,
): Handler<CreateWithdrawal, CommandContext, Executed<BookedAnswer>> {
  return async (command, context) => {
    const { accountId, transactionId } = command;
    const withdrawal = { accountId, ...movementOf(command) };
    return repository.execute(
      {
        on: [bankAccount(accountId)],
        decide: ([account]) => [recordWithdrawal(account, withdrawal)],
        answer: bookedAnswer,
        resourceId: transactionId,
      },
      context,
    );
  };
}

import type { CommandContext, Executed, Handler, Repository } from '@openbank/eventsourcing';
import { type BookedAnswer, bookedAnswer } from '../answers/transaction.ts';
import { bankAccount } from '../domain/bank-account.ts';
import { recordDeposit } from '../domain/deposit.ts';
import { type MovementCommand, movementOf } from './movement.ts';

/** Puts money into an account. */
export interface CreateDeposit extends MovementCommand {
  readonly type: 'CreateDeposit';
  readonly accountId: string;
}

export function createDeposit(
  repository: Repository,
): Handler<CreateDeposit, CommandContext, Executed<BookedAnswer>> {
  return async (command, context) => {
    const { accountId, transactionId } = command;
    const deposit = { accountId, ...movementOf(command) };
    return repository.execute(
      {
        on: [bankAccount(accountId)],
        decide: ([account]) => [recordDeposit(account, deposit)],
        answer: bookedAnswer,
        resourceId: transactionId,
      },
      context,
    );
  };
}

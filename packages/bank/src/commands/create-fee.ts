import type { CommandContext, Executed, Handler, Repository } from '@openbank/eventsourcing';
import { type BookedAnswer, bookedAnswer } from '../answers/transaction.ts';
import { recordFee } from '../domain/fee.ts';
import {
  executePlan,
  type MovementCommand,
  type MovementPlan,
  movementOf,
  movementProblems,
  refuseProblems,
} from './movement.ts';

/** Charges a fee to an account. */
export interface CreateFee extends MovementCommand {
  readonly type: 'CreateFee';
  readonly accountId: string;
}

/** @throws Refusal `malformed` - with every field that is wrong in itself */
export function validateCreateFee(command: CreateFee): void {
  refuseProblems(movementProblems(command));
}

export function planFee(command: CreateFee): MovementPlan {
  const { accountId } = command;
  const fee = { accountId, ...movementOf(command) };
  return { accountIds: [accountId], decide: (accountOf) => [recordFee(accountOf(accountId), fee)] };
}

export function createFee(
  repository: Repository,
): Handler<CreateFee, CommandContext, Executed<BookedAnswer>> {
  return async (command, context) => {
    const made = { answer: bookedAnswer, resourceId: command.transactionId };
    return executePlan(repository, planFee(command), made, context);
  };
}

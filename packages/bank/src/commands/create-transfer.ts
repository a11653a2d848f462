import { transferredAnswer } from '../answers/transaction.ts';
import { parseDecimal } from '../domain/money.ts';
import { assertTwoAccounts, recordTransfer } from '../domain/transfer.ts';
import {
  type MovementCommand,
  type MovementPlan,
  movementHandler,
  movementOf,
  movementProblems,
} from './movement.ts';
import { amountProblems, refuseProblems } from './problems.ts';

/** Moves money from one account to another: one commit on both streams. It is answered to the account that pays. */
export interface CreateTransfer extends MovementCommand {
  readonly type: 'CreateTransfer';
  readonly fromAccountId: string;
  readonly toAccountId: string;
  /** What the payer pays to the bank besides, in the same commit: a transaction with an id of its own. */
  readonly fee?: { readonly transactionId: string; readonly amount: string | number } | undefined;
}

/**
 * A transfer to itself is refused here already, because the repository takes no aggregate twice.
 *
 * @throws Refusal `malformed` - with every field that is wrong in itself; `same-account`
 */
export function validateCreateTransfer(command: CreateTransfer): void {
  const { fee } = command;
  refuseProblems([...movementProblems(command), ...(fee ? amountProblems('fee', fee.amount) : [])]);
  assertTwoAccounts(command);
}

export function planTransfer(command: CreateTransfer): MovementPlan {
  const { fromAccountId, toAccountId, fee } = command;
  const transfer = {
    fromAccountId,
    toAccountId,
    ...movementOf(command),
    fee: fee && { transactionId: fee.transactionId, amount: parseDecimal(fee.amount, 'fee') },
  };
  return {
    accountIds: [fromAccountId, toAccountId],
    decide: (accountOf) => recordTransfer(accountOf(fromAccountId), accountOf(toAccountId), transfer),
  };
}

export const createTransfer = movementHandler(planTransfer, transferredAnswer);

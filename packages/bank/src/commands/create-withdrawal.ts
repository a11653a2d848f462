import { bookedAnswer } from '../answers/transaction.ts';
import { systemAccountProblems } from '../domain/system-accounts.ts';
import { recordWithdrawal } from '../domain/withdrawal.ts';
import {
  type MovementCommand,
  type MovementPlan,
  movementHandler,
  movementOf,
  movementProblems,
} from './movement.ts';
import { refuseProblems } from './problems.ts';

/** Takes money out of an account. */
export interface CreateWithdrawal extends MovementCommand {
  readonly type: 'CreateWithdrawal';
  readonly accountId: string;
  /** Where the money goes: the name of a system account. Absent: `cash`. */
  readonly systemAccount?: string | undefined;
}

/** @throws Refusal `malformed` - with every field that is wrong in itself */
export function validateCreateWithdrawal(command: CreateWithdrawal): void {
  refuseProblems([...movementProblems(command), ...systemAccountProblems(command.systemAccount)]);
}

export function planWithdrawal(command: CreateWithdrawal): MovementPlan {
  const { accountId, systemAccount } = command;
  const withdrawal = { accountId, systemAccount, ...movementOf(command) };
  return {
    accountIds: [accountId],
    decide: (accountOf) => [recordWithdrawal(accountOf(accountId), withdrawal)],
  };
}

export const createWithdrawal = movementHandler(planWithdrawal, bookedAnswer);

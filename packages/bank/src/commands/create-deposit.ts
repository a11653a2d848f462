import { bookedAnswer } from '../answers/transaction.ts';
import { recordDeposit } from '../domain/deposit.ts';
import { systemAccountProblems } from '../domain/system-accounts.ts';
import {
  type MovementCommand,
  type MovementPlan,
  movementHandler,
  movementOf,
  movementProblems,
} from './movement.ts';
import { refuseProblems } from './problems.ts';

/** Puts money into an account. */
export interface CreateDeposit extends MovementCommand {
  readonly type: 'CreateDeposit';
  readonly accountId: string;
  /** Where the money comes from: the name of a system account. Absent: `cash`. */
  readonly systemAccount?: string | undefined;
}

/** @throws Refusal `malformed` - with every field that is wrong in itself */
export function validateCreateDeposit(command: CreateDeposit): void {
  refuseProblems([...movementProblems(command), ...systemAccountProblems(command.systemAccount)]);
}

export function planDeposit(command: CreateDeposit): MovementPlan {
  const { accountId, systemAccount } = command;
  const deposit = { accountId, systemAccount, ...movementOf(command) };
  return { accountIds: [accountId], decide: (accountOf) => [recordDeposit(accountOf(accountId), deposit)] };
}

export const createDeposit = movementHandler(planDeposit, bookedAnswer);

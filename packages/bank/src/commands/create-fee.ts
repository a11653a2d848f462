import { bookedAnswer } from '../answers/transaction.ts';
import { recordFee } from '../domain/fee.ts';
import {
  type MovementCommand,
  type MovementPlan,
  movementHandler,
  movementOf,
  movementProblems,
} from './movement.ts';
import { refuseProblems } from './problems.ts';

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

export const createFee = movementHandler(planFee, bookedAnswer);

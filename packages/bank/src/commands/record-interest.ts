import { bookedAnswer } from '../answers/transaction.ts';
import {
  interestAlreadyRecorded,
  interestClaim,
  isPeriod,
  recordInterest as recordedInterest,
} from '../domain/interest.ts';
import {
  type MovementCommand,
  type MovementPlan,
  movementHandler,
  movementOf,
  movementProblems,
} from './movement.ts';
import { refuseProblems } from './problems.ts';

/** Pays interest to an account, once for each period. */
export interface RecordInterest extends MovementCommand {
  readonly type: 'RecordInterest';
  readonly accountId: string;
  /** What it is paid for: see `isPeriod`. */
  readonly period: string;
}

const NOT_A_PERIOD = 'must be a year, quarter, month or day, such as 2026, 2026-Q3, 2026-09 or 2026-09-30';

/** @throws Refusal `malformed` - with every field that is wrong in itself */
export function validateRecordInterest(command: RecordInterest): void {
  const problems = isPeriod(command.period) ? [] : [{ field: 'period', message: NOT_A_PERIOD }];
  refuseProblems([...movementProblems(command), ...problems]);
}

export function planInterest(command: RecordInterest): MovementPlan {
  const { accountId, period } = command;
  const interest = { accountId, period, ...movementOf(command) };
  return {
    accountIds: [accountId],
    decide: (accountOf) => [recordedInterest(accountOf(accountId), interest)],
    claims: [{ claim: interestClaim(command), taken: interestAlreadyRecorded }],
  };
}

export const recordInterest = movementHandler(planInterest, bookedAnswer);

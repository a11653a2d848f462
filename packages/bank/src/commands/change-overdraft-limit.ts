import type { CommandContext, Executed, Handler, Repository } from '@openbank/eventsourcing';
import { type LimitChangedAnswer, limitChangedAnswer } from '../answers/account-life.ts';
import { bankAccount } from '../domain/bank-account.ts';
import { parseDecimal } from '../domain/money.ts';
import { changeOverdraftLimit as limitChanged } from '../domain/overdraft-limit.ts';
import { amountProblems, refuseProblems } from './problems.ts';

/** Lets an account go further below zero, or less far. */
export interface ChangeOverdraftLimit {
  readonly type: 'ChangeOverdraftLimit';
  readonly accountId: string;
  /** As it was sent: see `readDecimal`. */
  readonly overdraftLimit: string | number;
}

/** @throws Refusal `malformed` - the limit is wrong in itself */
export function validateChangeOverdraftLimit({ overdraftLimit }: ChangeOverdraftLimit): void {
  refuseProblems(amountProblems('overdraft_limit', overdraftLimit));
}

export function changeOverdraftLimit(
  repository: Repository,
): Handler<ChangeOverdraftLimit, CommandContext, Executed<LimitChangedAnswer>> {
  return async ({ accountId, overdraftLimit }, context) => {
    const limit = parseDecimal(overdraftLimit, 'overdraft_limit');
    return repository.execute(
      {
        on: [bankAccount(accountId)],
        decide: ([account]) => [limitChanged(account, limit)],
        answer: limitChangedAnswer,
        resourceId: accountId,
      },
      context,
    );
  };
}

import type { CommandContext, Executed, Handler, Repository } from '@openbank/eventsourcing';
import { type StatusChangedAnswer, statusChangedAnswer } from '../answers/account-life.ts';
import { bankAccount } from '../domain/bank-account.ts';
import { unfreezeAccount as unfrozen } from '../domain/freezing.ts';

/** Opens an account again that was frozen. */
export interface UnfreezeAccount {
  readonly type: 'UnfreezeAccount';
  readonly accountId: string;
}

export function unfreezeAccount(
  repository: Repository,
): Handler<UnfreezeAccount, CommandContext, Executed<StatusChangedAnswer>> {
  return ({ accountId }, context) =>
    repository.execute(
      {
        on: [bankAccount(accountId)],
        decide: ([account]) => [unfrozen(account)],
        answer: statusChangedAnswer,
        resourceId: accountId,
      },
      context,
    );
}

import type { CommandContext, Executed, Handler, Repository } from '@openbank/eventsourcing';
import { type StatusChangedAnswer, statusChangedAnswer } from '../answers/account-life.ts';
import { bankAccount } from '../domain/bank-account.ts';
import { type FrozenStatus, freezeAccount as frozen } from '../domain/freezing.ts';

/** Freezes an account: `FROZEN_DEBIT` for what takes money out, `FROZEN` for all but unfreezing. */
export interface FreezeAccount {
  readonly type: 'FreezeAccount';
  readonly accountId: string;
  readonly status: FrozenStatus;
}

export function freezeAccount(
  repository: Repository,
): Handler<FreezeAccount, CommandContext, Executed<StatusChangedAnswer>> {
  return ({ accountId, status }, context) =>
    repository.execute(
      {
        on: [bankAccount(accountId)],
        decide: ([account]) => [frozen(account, status)],
        answer: statusChangedAnswer,
        resourceId: accountId,
      },
      context,
    );
}

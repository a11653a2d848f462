import type { CommandContext, Executed, Handler, Repository } from '@openbank/eventsourcing';
import { type StatusChangedAnswer, statusChangedAnswer } from '../answers/account-life.ts';
import { bankAccount } from '../domain/bank-account.ts';
import { closeAccount as closed } from '../domain/closing.ts';
import { disownAccount, person } from '../domain/person.ts';

/** Closes an account for good: one commit on the account's stream and the owner's. */
export interface CloseAccount {
  readonly type: 'CloseAccount';
  readonly accountId: string;
}

export function closeAccount(
  repository: Repository,
): Handler<CloseAccount, CommandContext, Executed<StatusChangedAnswer>> {
  return async ({ accountId }, context) => {
    const account = bankAccount(accountId);
    // Whose it is never changes: this may be read before the command is decided.
    const { state } = await repository.load(account);
    const made = { answer: statusChangedAnswer, resourceId: accountId };
    if (!state.exists) {
      return repository.execute({ on: [account], decide: ([found]) => [closed(found)], ...made }, context);
    }
    return repository.execute(
      {
        on: [account, person(state.ownerId)],
        decide: ([found, owner]) => [closed(found), disownAccount(owner, accountId)],
        ...made,
      },
      context,
    );
  };
}

import type { AnswerEvent, CommandContext, Executed, Handler, Repository } from '@openbank/eventsourcing';
import { type AccountAnswer, accountAnswer } from '../answers/account.ts';
import { idIn, recorded } from '../answers/recorded.ts';
import { isBankAccountCreated } from '../domain/account-events.ts';
import { bankAccount, bankAccountAggregate, createdAccount } from '../domain/bank-account.ts';
import { isCurrency } from '../domain/currencies.ts';
import { parseDecimal } from '../domain/money.ts';
import { openAccount } from '../domain/opening.ts';
import { ownAccount, person } from '../domain/person.ts';
import { referenceProblem } from '../domain/remarks.ts';
import { amountProblems, refuseProblems } from './problems.ts';

/** Opens an account for a registered person: one commit on the account's stream and the owner's. */
export interface CreateBankAccount {
  readonly type: 'CreateBankAccount';
  /** A new one, 32 hex digits. */
  readonly accountId: string;
  readonly ownerId: string;
  /** ISO 4217, in capitals. */
  readonly currency: string;
  /** As it was sent: see `readDecimal`. */
  readonly overdraftLimit: string | number;
  /** The caller's own name for it: nothing personal. */
  readonly reference?: string | null | undefined;
}

/** @throws Refusal `malformed` - with every field that is wrong in itself */
export function validateCreateBankAccount(command: CreateBankAccount): void {
  const problem = referenceProblem(command.reference);
  refuseProblems([
    ...(isCurrency(command.currency) ? [] : [{ field: 'currency', message: NOT_A_CURRENCY }]),
    ...amountProblems('overdraft_limit', command.overdraftLimit),
    ...(problem === undefined ? [] : [problem]),
  ]);
}

const NOT_A_CURRENCY = 'must be a code of ISO 4217, such as USD';

export function createBankAccount(
  repository: Repository,
): Handler<CreateBankAccount, CommandContext, Executed<AccountAnswer>> {
  return async (command, context) => {
    const { accountId, ownerId, currency, reference } = command;
    const overdraftLimit = parseDecimal(command.overdraftLimit, 'overdraft_limit');
    return repository.execute(
      {
        on: [bankAccount(accountId), person(ownerId)],
        decide: ([account, owner]) => [
          openAccount(account, { ownerId, currency, overdraftLimit, reference }),
          ownAccount(owner, accountId),
        ],
        answer: openedAnswer,
        resourceId: accountId,
      },
      context,
    );
  };
}

function openedAnswer(events: readonly AnswerEvent[]): AccountAnswer {
  const { event, stream, recordedAt } = recorded(events, isBankAccountCreated);
  return accountAnswer(idIn(stream, bankAccountAggregate), {
    ...createdAccount(event.data),
    reference: event.data.reference ?? null,
    createdAt: recordedAt,
    lastModified: recordedAt,
  });
}

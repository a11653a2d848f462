import type { AnswerEvent, CommandContext, Executed, Handler, Repository } from '@openbank/eventsourcing';
import { type AccountAnswer, accountAnswer } from '../answers/account.ts';
import { idIn, recorded } from '../answers/recorded.ts';
import {
  bankAccount,
  bankAccountAggregate,
  createdAccount,
  isBankAccountCreated,
} from '../domain/bank-account.ts';
import { isCurrency } from '../domain/currencies.ts';
import { amountProblem, parseDecimal } from '../domain/money.ts';
import { openAccount } from '../domain/opening.ts';
import { ownAccount, person } from '../domain/person.ts';
import { type FieldProblem, malformed } from '../domain/refusal.ts';

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
}

/** @throws Refusal `malformed` - with every field that is wrong in itself */
export function validateCreateBankAccount({ currency, overdraftLimit }: CreateBankAccount): void {
  const problems: FieldProblem[] = [];
  if (!isCurrency(currency))
    problems.push({ field: 'currency', message: 'must be a code of ISO 4217, such as USD' });
  const problem = amountProblem(overdraftLimit);
  if (problem) problems.push({ field: 'overdraft_limit', message: problem });
  if (problems.length > 0) throw malformed(...problems);
}

export function createBankAccount(
  repository: Repository,
): Handler<CreateBankAccount, CommandContext, Executed<AccountAnswer>> {
  return async (command, context) => {
    const { accountId, ownerId, currency } = command;
    const overdraftLimit = parseDecimal(command.overdraftLimit, 'overdraft_limit');
    return repository.execute(
      {
        on: [bankAccount(accountId), person(ownerId)],
        decide: ([account, owner]) => [
          openAccount(account, { ownerId, currency, overdraftLimit }),
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
  const times = { createdAt: recordedAt, lastModified: recordedAt };
  return accountAnswer(idIn(stream, bankAccountAggregate), { ...createdAccount(event.data), ...times });
}

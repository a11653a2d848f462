import type { CommandContext, Executed, Handler, Repository } from '@openbank/eventsourcing';
import { type BookedAnswer, bookedAnswer } from '../answers/transaction.ts';
import { bankAccount, recordDeposit } from '../domain/bank-account.ts';
import { amountProblem, parseDecimal } from '../domain/money.ts';
import { type FieldProblem, malformed } from '../domain/refusal.ts';
import { MAX_DESCRIPTION_LENGTH, textProblem } from '../domain/text-rules.ts';

/** Puts money into an account. */
export interface CreateDeposit {
  readonly type: 'CreateDeposit';
  readonly accountId: string;
  /** A new one, 32 hex digits. */
  readonly transactionId: string;
  /** As it was sent: see `readDecimal`. The account's currency decides how many digits it may have. */
  readonly amount: string | number;
  readonly description: string | null;
}

/** @throws Refusal `malformed` - with every field that is wrong in itself */
export function validateCreateDeposit({ amount, description }: CreateDeposit): void {
  const problems: FieldProblem[] = [];
  const problem = amountProblem(amount);
  if (problem) problems.push({ field: 'amount', message: problem });
  const text =
    description === null ? undefined : textProblem('description', description, MAX_DESCRIPTION_LENGTH);
  if (text) problems.push(text);
  if (problems.length > 0) throw malformed(...problems);
}

export function createDeposit(
  repository: Repository,
): Handler<CreateDeposit, CommandContext, Executed<BookedAnswer>> {
  return async ({ accountId, transactionId, description, amount }, context) => {
    const deposit = { accountId, transactionId, description, amount: parseDecimal(amount, 'amount') };
    return repository.execute(
      {
        on: [bankAccount(accountId)],
        decide: ([account]) => [recordDeposit(account, deposit)],
        answer: bookedAnswer,
        resourceId: transactionId,
      },
      context,
    );
  };
}

import { assertTakesMoneyIn } from './account-status.ts';
import type { BankAccountState } from './bank-account.ts';
import { formatMinor } from './money.ts';
import { type Movement, minorToMove, moneyIn } from './movement.ts';
import { accountNotFound } from './refusal.ts';
import type { BankAccountTransactionRecordedDomainEventV1 } from './transaction.ts';

export interface Deposit extends Movement {
  readonly accountId: string;
}

/**
 * @throws Refusal `account-not-found`, `account-frozen`, `account-closed`, `balance-limit-exceeded`, or `malformed`
 *   where the amount is zero or the currency cannot carry it
 */
export function recordDeposit(
  account: BankAccountState,
  deposit: Deposit,
): readonly [BankAccountTransactionRecordedDomainEventV1] {
  if (!account.exists) throw accountNotFound('account_id');
  assertTakesMoneyIn(account.status, 'account_id');
  const { accountId, transactionId: id, description } = deposit;
  const minor = minorToMove(deposit.amount, account.currency);
  const amount = formatMinor(minor, account.currency);
  const transaction = {
    id,
    type: 'DEPOSIT',
    amount,
    from_account_id: null,
    to_account_id: accountId,
  } as const;
  return [moneyIn(account, { accountId, against: 'cash', minor, transaction, description })];
}

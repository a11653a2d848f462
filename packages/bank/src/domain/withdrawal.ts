import { assertLetsMoneyOut } from './account-status.ts';
import type { BankAccountState } from './bank-account.ts';
import { formatMinor } from './money.ts';
import { type Movement, minorToMove, moneyOut } from './movement.ts';
import { accountNotFound } from './refusal.ts';
import type { BankAccountTransactionRecordedDomainEventV1 } from './transaction.ts';

export interface Withdrawal extends Movement {
  readonly accountId: string;
}

/**
 * @throws Refusal `account-not-found`, `account-frozen`, `account-closed`, `insufficient-funds`, or `malformed` where
 *   the amount is zero or the currency cannot carry it
 */
export function recordWithdrawal(
  account: BankAccountState,
  withdrawal: Withdrawal,
): readonly [BankAccountTransactionRecordedDomainEventV1] {
  if (!account.exists) throw accountNotFound('account_id');
  assertLetsMoneyOut(account.status, 'account_id');
  const { accountId, transactionId: id, description } = withdrawal;
  const minor = minorToMove(withdrawal.amount, account.currency);
  const amount = formatMinor(minor, account.currency);
  const transaction = {
    id,
    type: 'WITHDRAWAL',
    amount,
    from_account_id: accountId,
    to_account_id: null,
  } as const;
  return [moneyOut(account, { accountId, against: 'cash', minor, transaction, description })];
}

import type { BankAccountClosedDomainEventV1 } from './account-events.ts';
import { assertChangeable } from './account-status.ts';
import type { BankAccountState } from './bank-account.ts';
import { accountNotFound, Refusal } from './refusal.ts';

/**
 * The account's half of closing it: final. Its owner's is `disownAccount`.
 *
 * @throws Refusal `account-not-found`, `account-frozen`, `account-closed`, `balance-not-zero`
 */
export function closeAccount(account: BankAccountState): readonly [BankAccountClosedDomainEventV1] {
  if (!account.exists) throw accountNotFound();
  assertChangeable(account.status);
  if (account.balance !== 0n) throw balanceNotZero();
  const data = { owner_id: account.ownerId, status: 'CLOSED' } as const;
  return [{ type: 'BankAccountClosedDomainEventV1', data }];
}

function balanceNotZero(): Refusal {
  const message =
    'An account is closed only with a balance of zero: pay out what is there, or pay in what it owes.';
  return new Refusal('rule', 'balance-not-zero', message);
}

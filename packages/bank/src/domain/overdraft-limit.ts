import type { BankAccountOverdraftLimitChangedDomainEventV1 } from './account-events.ts';
import { assertChangeable } from './account-status.ts';
import type { BankAccountState } from './bank-account.ts';
import { type Decimal, formatMinor } from './money.ts';
import { overdraftLimitIn } from './opening.ts';
import { accountNotFound, Refusal } from './refusal.ts';

/**
 * @throws Refusal `account-not-found`, `account-frozen`, `account-closed`, `overdraft-limit-too-high`,
 *   `overdraft-limit-in-use`, or `malformed` where the currency cannot carry the limit
 */
export function changeOverdraftLimit(
  account: BankAccountState,
  overdraftLimit: Decimal,
): readonly [BankAccountOverdraftLimitChangedDomainEventV1] {
  if (!account.exists) throw accountNotFound();
  assertChangeable(account.status);
  const { currency, balance } = account;
  const limit = overdraftLimitIn(overdraftLimit, currency);
  if (balance < -limit) throw overdraftLimitInUse();
  const [inMoney, limitInMoney] = [formatMinor(balance, currency), formatMinor(limit, currency)];
  const data = { currency, balance: inMoney, overdraft_limit: limitInMoney };
  return [{ type: 'BankAccountOverdraftLimitChangedDomainEventV1', data }];
}

function overdraftLimitInUse(): Refusal {
  const message = 'The account owes more than this overdraft limit: pay in first, or ask for a higher limit.';
  return new Refusal('rule', 'overdraft-limit-in-use', message, [
    { field: 'overdraft_limit', message: 'must not be less than what the account owes' },
  ]);
}

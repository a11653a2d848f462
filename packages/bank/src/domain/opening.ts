import type { BankAccountCreatedDomainEventV1, BankAccountState } from './bank-account.ts';
import { type Decimal, formatMinor, MAX_MINOR_UNITS, toMinor } from './money.ts';
import { Refusal } from './refusal.ts';

export interface Opening {
  readonly ownerId: string;
  readonly currency: string;
  readonly overdraftLimit: Decimal;
}

/** @throws Refusal `overdraft-limit-too-high`, or `malformed` where the currency cannot carry the limit */
export function openAccount(
  account: BankAccountState,
  { ownerId, currency, overdraftLimit }: Opening,
): readonly [BankAccountCreatedDomainEventV1] {
  if (account.exists) throw new Refusal('rule', 'account-already-open', 'An account with this id is open.');
  const limit = toMinor(overdraftLimit, currency, 'overdraft_limit');
  if (limit > MAX_MINOR_UNITS) throw overdraftLimitTooHigh(currency);
  return [
    {
      type: 'BankAccountCreatedDomainEventV1',
      data: {
        owner_id: ownerId,
        currency,
        balance: formatMinor(0n, currency),
        overdraft_limit: formatMinor(limit, currency),
      },
    },
  ];
}

function overdraftLimitTooHigh(currency: string): Refusal {
  const limit = `${formatMinor(MAX_MINOR_UNITS, currency)} ${currency}`;
  const message = `No overdraft limit may be above ${limit}: ask for less.`;
  return new Refusal('rule', 'overdraft-limit-too-high', message, [
    { field: 'overdraft_limit', message: `must not be above ${limit}` },
  ]);
}

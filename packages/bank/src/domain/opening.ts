import type { BankAccountCreatedDomainEventV1 } from './account-events.ts';
import type { BankAccountState } from './bank-account.ts';
import { type Decimal, formatMinor, MAX_MINOR_UNITS, toMinor } from './money.ts';
import { Refusal } from './refusal.ts';

export interface Opening {
  readonly ownerId: string;
  readonly currency: string;
  readonly overdraftLimit: Decimal;
  /** The caller's own name for it: nothing personal. */
  readonly reference?: string | null | undefined;
}

/** @throws Refusal `overdraft-limit-too-high`, or `malformed` where the currency cannot carry the limit */
export function openAccount(
  account: BankAccountState,
  { ownerId, currency, overdraftLimit, reference }: Opening,
): readonly [BankAccountCreatedDomainEventV1] {
  if (account.exists) throw new Refusal('rule', 'account-already-open', 'An account with this id is open.');
  const limit = overdraftLimitIn(overdraftLimit, currency);
  return [
    {
      type: 'BankAccountCreatedDomainEventV1',
      data: {
        owner_id: ownerId,
        currency,
        balance: formatMinor(0n, currency),
        overdraft_limit: formatMinor(limit, currency),
        ...(reference && { reference }),
      },
    },
  ];
}

/**
 * An overdraft limit in minor units.
 *
 * @throws Refusal `overdraft-limit-too-high`, or `malformed` where the currency cannot carry it
 */
export function overdraftLimitIn(limit: Decimal, currency: string): bigint {
  const minor = toMinor(limit, currency, 'overdraft_limit');
  if (minor > MAX_MINOR_UNITS) throw overdraftLimitTooHigh(currency);
  return minor;
}

function overdraftLimitTooHigh(currency: string): Refusal {
  const limit = `${formatMinor(MAX_MINOR_UNITS, currency)} ${currency}`;
  const message = `No overdraft limit may be above ${limit}: ask for less.`;
  return new Refusal('rule', 'overdraft-limit-too-high', message, [
    { field: 'overdraft_limit', message: `must not be above ${limit}` },
  ]);
}

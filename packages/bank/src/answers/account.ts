import type { AccountStatus } from '../domain/account-status.ts';
import { formatMinor } from '../domain/money.ts';
import { rfc3339 } from '../domain/time.ts';

/**
 * An account as writes answer it: a function of its own events alone, so without its owner's name. Amounts are decimal
 * strings with the currency's digits.
 */
export interface AccountAnswer {
  readonly id: string;
  readonly owner_id: string;
  readonly balance: string;
  /** What may be taken out: balance and overdraft limit. */
  readonly available_balance: string;
  readonly overdraft_limit: string;
  readonly currency: string;
  readonly status: AccountStatus;
  /** The caller's own name for it. Null: none was given. */
  readonly reference: string | null;
  /** RFC 3339, to the microsecond. */
  readonly created_at: string;
  /** Time of its last event. */
  readonly last_modified: string;
}

/** An account as reads answer it. */
export interface OwnedAccountAnswer extends AccountAnswer {
  /** First and last name; `erased` once the person is; null while the registration is not in the read model yet. */
  readonly owner: string | null;
}

/** What an account shows, in minor units and in microseconds since 1970. */
export interface AccountFacts {
  readonly ownerId: string;
  readonly currency: string;
  readonly balance: bigint;
  readonly overdraftLimit: bigint;
  readonly status: AccountStatus;
  readonly reference: string | null;
  readonly createdAt: number;
  readonly lastModified: number;
}

export function accountAnswer(id: string, account: AccountFacts): AccountAnswer {
  const { balance, overdraftLimit, currency } = account;
  return {
    id,
    owner_id: account.ownerId,
    balance: formatMinor(balance, currency),
    available_balance: formatMinor(balance + overdraftLimit, currency),
    overdraft_limit: formatMinor(overdraftLimit, currency),
    currency,
    status: account.status,
    reference: account.reference,
    created_at: rfc3339(account.createdAt),
    last_modified: rfc3339(account.lastModified),
  };
}

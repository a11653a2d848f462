import type {
  BankAccountClosedDomainEventV1,
  BankAccountCreatedDomainEventV1,
  BankAccountFrozenDomainEventV1,
  BankAccountOverdraftLimitChangedDomainEventV1,
  BankAccountUnfrozenDomainEventV1,
} from '../domain/account-events.ts';
import type { ExistingAccount } from '../domain/bank-account.ts';
import type { FrozenStatus } from '../domain/freezing.ts';
import { formatMinor } from '../domain/money.ts';
import type { BankAccountTransactionRecordedDomainEventV1, TransactionFacts } from '../domain/transaction.ts';

// For tests: events of an account as they were recorded before. Amounts have the digits of their currency.

export const ACCOUNT = '0193f2a0c0007000800000000000acc1';
export const OTHER = '0193f2a0c0007000800000000000acc2';
export const OWNER = '0193f2a0c0007000800000000000a11c';

/** An account in a state that no command leads to yet. */
export const EXISTING: ExistingAccount = {
  exists: true,
  ownerId: OWNER,
  currency: 'USD',
  balance: 0n,
  overdraftLimit: 0n,
  status: 'OPEN',
};

export function created(
  limit = '500.00',
  currency = 'USD',
  ownerId = OWNER,
): BankAccountCreatedDomainEventV1 {
  const balance = formatMinor(0n, currency);
  return {
    type: 'BankAccountCreatedDomainEventV1',
    data: { owner_id: ownerId, currency, balance, overdraft_limit: limit },
  };
}

export const frozen = (status: FrozenStatus): BankAccountFrozenDomainEventV1 => ({
  type: 'BankAccountFrozenDomainEventV1',
  data: { status },
});

export const unfrozen: BankAccountUnfrozenDomainEventV1 = {
  type: 'BankAccountUnfrozenDomainEventV1',
  data: { status: 'OPEN' },
};

export const closed: BankAccountClosedDomainEventV1 = {
  type: 'BankAccountClosedDomainEventV1',
  data: { owner_id: OWNER, status: 'CLOSED' },
};

export const limitChanged = (
  overdraft_limit: string,
  balance = '0.00',
): BankAccountOverdraftLimitChangedDomainEventV1 => ({
  type: 'BankAccountOverdraftLimitChangedDomainEventV1',
  data: { currency: 'USD', balance, overdraft_limit },
});

/** What an entry on an account books, and the balance of that account after it. */
interface Booked {
  readonly id: string;
  readonly amount: string;
  readonly balance: string;
  readonly currency?: string;
}

export const deposited = ({ id, amount, ...after }: Booked) =>
  entry(
    { id, type: 'DEPOSIT', amount, from_account_id: null, to_account_id: ACCOUNT },
    { ...after, postings: [posting(ACCOUNT, amount), posting('cash', `-${amount}`)] },
  );

export const withdrawn = ({ id, amount, ...after }: Booked) =>
  entry(
    { id, type: 'WITHDRAWAL', amount, from_account_id: ACCOUNT, to_account_id: null },
    { ...after, postings: [posting(ACCOUNT, `-${amount}`), posting('cash', amount)] },
  );

/** Paid by `ACCOUNT` to `OTHER`. */
export const paid = ({ id, amount, ...after }: Booked) =>
  entry(
    { id, type: 'TRANSFER', amount, from_account_id: ACCOUNT, to_account_id: OTHER },
    { ...after, postings: [posting(ACCOUNT, `-${amount}`), posting('transfers', amount)] },
  );

/** Received by `OTHER` from `ACCOUNT`. */
export const received = ({ id, amount, ...after }: Booked) =>
  entry(
    { id, type: 'TRANSFER', amount, from_account_id: ACCOUNT, to_account_id: OTHER },
    { ...after, postings: [posting(OTHER, amount), posting('transfers', `-${amount}`)] },
  );

type EntryData = BankAccountTransactionRecordedDomainEventV1['data'];

function entry(
  transaction: TransactionFacts,
  { currency = 'USD', balance, postings }: Pick<Booked, 'currency' | 'balance'> & Pick<EntryData, 'postings'>,
): BankAccountTransactionRecordedDomainEventV1 {
  const data = { transaction, currency, balance, postings };
  return { type: 'BankAccountTransactionRecordedDomainEventV1', data };
}

const posting = (account: string, amount: string) => ({ account, amount });

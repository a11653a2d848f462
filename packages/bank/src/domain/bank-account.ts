import { type Aggregate, type AggregateRef, type DomainEvent, stateCodec } from '@openbank/eventsourcing';
import { type AccountStatus, accountStatus } from './account-status.ts';
import { parseMinor } from './money.ts';
import type { BankAccountTransactionRecordedDomainEventV1 } from './transaction.ts';

/** A new account has a balance: zero. Amounts are decimal strings in the account's currency. */
export type BankAccountCreatedDomainEventV1 = DomainEvent<
  'BankAccountCreatedDomainEventV1',
  {
    readonly owner_id: string;
    /** ISO 4217, for as long as the account exists. */
    readonly currency: string;
    readonly balance: string;
    readonly overdraft_limit: string;
  }
>;

export type BankAccountEvent = BankAccountCreatedDomainEventV1 | BankAccountTransactionRecordedDomainEventV1;

export interface ExistingAccount {
  readonly exists: true;
  readonly ownerId: string;
  readonly currency: string;
  /** Minor units, as the overdraft limit. */
  readonly balance: bigint;
  readonly overdraftLimit: bigint;
  readonly status: AccountStatus;
}
export type BankAccountState = { readonly exists: false } | ExistingAccount;

/** Raise the version when the fold changes: `golden-states.test.ts` says when. */
const accountCodec = stateCodec({
  version: 1,
  fields: {
    ownerId: 'text',
    currency: 'text',
    balance: 'integer',
    overdraftLimit: 'integer',
    status: 'text',
  },
  encode(account: BankAccountState) {
    if (!account.exists) throw new Error('There is nothing to keep of an account that does not exist.');
    const { ownerId, currency, balance, overdraftLimit, status } = account;
    return { ownerId, currency, balance, overdraftLimit, status };
  },
  decode: ({ status, ...fields }) => ({ ...fields, exists: true, status: accountStatus(status) }),
});

/** What is decided on it stands by command: `opening.ts`, `deposit.ts`, `withdrawal.ts`, `transfer.ts`. */
export const bankAccountAggregate: Aggregate<BankAccountState, BankAccountEvent> = {
  type: 'BankAccount',
  streamPrefix: 'bank-account-',
  eventTypes: ['BankAccountCreatedDomainEventV1', 'BankAccountTransactionRecordedDomainEventV1'],
  snapshots: accountCodec,
  initialState: { exists: false },
  evolve: evolveBankAccount,
};

/** @param id - 32 hex digits */
export function bankAccount(id: string): AggregateRef<BankAccountState, BankAccountEvent> {
  return { aggregate: bankAccountAggregate, id };
}

function evolveBankAccount(account: BankAccountState, event: BankAccountEvent): BankAccountState {
  switch (event.type) {
    case 'BankAccountCreatedDomainEventV1':
      return createdAccount(event.data);
    case 'BankAccountTransactionRecordedDomainEventV1':
      if (!account.exists) throw new Error('A transaction was recorded before its account was created.');
      return { ...account, balance: parseMinor(event.data.balance, account.currency) };
    default:
      return event satisfies never;
  }
}

/** A new account as its creation says. */
export function createdAccount(data: BankAccountCreatedDomainEventV1['data']): ExistingAccount {
  const { owner_id: ownerId, currency } = data;
  return {
    exists: true,
    ownerId,
    currency,
    balance: parseMinor(data.balance, currency),
    overdraftLimit: parseMinor(data.overdraft_limit, currency),
    status: 'OPEN',
  };
}

export function isBankAccountCreated(event: DomainEvent): event is BankAccountCreatedDomainEventV1 {
  return event.type === 'BankAccountCreatedDomainEventV1';
}

import { type Aggregate, type AggregateRef, stateCodec } from '@openbank/eventsourcing';
import type { BankAccountCreatedDomainEventV1, BankAccountEvent } from './account-events.ts';
import { type AccountStatus, accountStatus } from './account-status.ts';
import { parseMinor } from './money.ts';

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

/** What is decided on it stands by command: `opening.ts`, `deposit.ts`, `transfer.ts`, `freezing.ts`... */
export const bankAccountAggregate: Aggregate<BankAccountState, BankAccountEvent> = {
  type: 'BankAccount',
  streamPrefix: 'bank-account-',
  eventTypes: [
    'BankAccountCreatedDomainEventV1',
    'BankAccountTransactionRecordedDomainEventV1',
    'BankAccountFrozenDomainEventV1',
    'BankAccountUnfrozenDomainEventV1',
    'BankAccountClosedDomainEventV1',
    'BankAccountOverdraftLimitChangedDomainEventV1',
  ],
  snapshots: accountCodec,
  initialState: { exists: false },
  evolve: evolveBankAccount,
};

/** @param id - 32 hex digits */
export function bankAccount(id: string): AggregateRef<BankAccountState, BankAccountEvent> {
  return { aggregate: bankAccountAggregate, id };
}

function evolveBankAccount(account: BankAccountState, event: BankAccountEvent): BankAccountState {
  if (event.type === 'BankAccountCreatedDomainEventV1') return createdAccount(event.data);
  if (!account.exists) throw new Error(`A ${event.type} was recorded before its account was created.`);
  switch (event.type) {
    case 'BankAccountTransactionRecordedDomainEventV1':
      return { ...account, balance: parseMinor(event.data.balance, account.currency) };
    case 'BankAccountFrozenDomainEventV1':
    case 'BankAccountUnfrozenDomainEventV1':
    case 'BankAccountClosedDomainEventV1':
      return { ...account, status: event.data.status };
    case 'BankAccountOverdraftLimitChangedDomainEventV1':
      return { ...account, overdraftLimit: parseMinor(event.data.overdraft_limit, account.currency) };
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

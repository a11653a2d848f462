import type { DomainEvent } from '@openbank/eventsourcing';
import type { AccountStatus } from './account-status.ts';
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
    /** The caller's own name for it: nothing personal. Absent: none was given. */
    readonly reference?: string;
  }
>;

export type BankAccountFrozenDomainEventV1 = DomainEvent<
  'BankAccountFrozenDomainEventV1',
  { readonly status: Extract<AccountStatus, 'FROZEN_DEBIT' | 'FROZEN'> }
>;

export type BankAccountUnfrozenDomainEventV1 = DomainEvent<
  'BankAccountUnfrozenDomainEventV1',
  { readonly status: Extract<AccountStatus, 'OPEN'> }
>;

/** Final. Its owner is told in the same commit. */
export type BankAccountClosedDomainEventV1 = DomainEvent<
  'BankAccountClosedDomainEventV1',
  { readonly owner_id: string; readonly status: Extract<AccountStatus, 'CLOSED'> }
>;

export type BankAccountOverdraftLimitChangedDomainEventV1 = DomainEvent<
  'BankAccountOverdraftLimitChangedDomainEventV1',
  {
    readonly currency: string;
    /** As it was then. */
    readonly balance: string;
    readonly overdraft_limit: string;
  }
>;

export type BankAccountEvent =
  | BankAccountCreatedDomainEventV1
  | BankAccountTransactionRecordedDomainEventV1
  | BankAccountFrozenDomainEventV1
  | BankAccountUnfrozenDomainEventV1
  | BankAccountClosedDomainEventV1
  | BankAccountOverdraftLimitChangedDomainEventV1;

export function isBankAccountCreated(event: DomainEvent): event is BankAccountCreatedDomainEventV1 {
  return event.type === 'BankAccountCreatedDomainEventV1';
}

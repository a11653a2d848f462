import type { Aggregate, AggregateRef, DomainEvent } from '@openbank/eventsourcing';
import { type Decimal, formatMinor, MAX_MINOR_UNITS, parseMinor, toMinor } from './money.ts';
import { accountNotFound, malformed, Refusal } from './refusal.ts';
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

/** `FROZEN_DEBIT` refuses what takes money out, `FROZEN` all but unfreezing; `CLOSED` is final. */
export const ACCOUNT_STATUSES = ['OPEN', 'FROZEN_DEBIT', 'FROZEN', 'CLOSED'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

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

export const bankAccountAggregate: Aggregate<BankAccountState, BankAccountEvent> = {
  type: 'BankAccount',
  streamPrefix: 'bank-account-',
  eventTypes: ['BankAccountCreatedDomainEventV1', 'BankAccountTransactionRecordedDomainEventV1'],
  initialState: { exists: false },
  evolve: evolveBankAccount,
};

/** @param id - 32 hex digits */
export function bankAccount(id: string): AggregateRef<BankAccountState, BankAccountEvent> {
  return { aggregate: bankAccountAggregate, id };
}

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

export interface Deposit {
  readonly accountId: string;
  readonly transactionId: string;
  readonly amount: Decimal;
  /** Free text, personal to the account's owner. */
  readonly description: string | null;
}

/**
 * @throws Refusal `account-not-found`, `account-frozen`, `account-closed`, `balance-limit-exceeded`, or `malformed`
 *   where the amount is zero or the currency cannot carry it
 */
export function recordDeposit(
  account: BankAccountState,
  deposit: Deposit,
): readonly [BankAccountTransactionRecordedDomainEventV1] {
  if (!account.exists) throw accountNotFound('account_id');
  assertTakesMoneyIn(account.status);
  const { currency, ownerId } = account;
  const minor = toMinor(deposit.amount, currency, 'amount');
  if (minor === 0n) throw malformed({ field: 'amount', message: 'must be greater than zero' });
  const balance = account.balance + minor;
  if (balance > MAX_MINOR_UNITS) throw balanceLimitExceeded(currency);

  const { accountId, transactionId: id, description } = deposit;
  const amount = formatMinor(minor, currency);
  const data = {
    transaction: { id, type: 'DEPOSIT', amount, from_account_id: null, to_account_id: accountId },
    currency,
    balance: formatMinor(balance, currency),
    postings: [
      { account: accountId, amount },
      { account: 'cash', amount: `-${amount}` },
    ],
  } as const;
  const type = 'BankAccountTransactionRecordedDomainEventV1';
  if (description === null) return [{ type, data }];
  return [{ type, data, personal: { subject: ownerId, plain: { description } } }];
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

function assertTakesMoneyIn(status: AccountStatus): void {
  switch (status) {
    case 'OPEN':
    case 'FROZEN_DEBIT':
      return;
    case 'FROZEN':
      throw new Refusal('rule', 'account-frozen', 'The account is frozen: unfreeze it first.');
    case 'CLOSED':
      throw new Refusal('rule', 'account-closed', 'The account is closed for good: use another account.');
    default:
      status satisfies never;
  }
}

function balanceLimitExceeded(currency: string): Refusal {
  const limit = `${formatMinor(MAX_MINOR_UNITS, currency)} ${currency}`;
  const message = `No balance may go above ${limit}: deposit less.`;
  return new Refusal('rule', 'balance-limit-exceeded', message, [
    { field: 'amount', message: `must not take the balance above ${limit}` },
  ]);
}

function overdraftLimitTooHigh(currency: string): Refusal {
  const limit = `${formatMinor(MAX_MINOR_UNITS, currency)} ${currency}`;
  const message = `No overdraft limit may be above ${limit}: ask for less.`;
  return new Refusal('rule', 'overdraft-limit-too-high', message, [
    { field: 'overdraft_limit', message: `must not be above ${limit}` },
  ]);
}

/**
 * A status as it was stored.
 *
 * @throws RangeError - it is none: the record is damaged
 */
export function accountStatus(text: string): AccountStatus {
  const status = ACCOUNT_STATUSES.find((each) => each === text);
  if (status === undefined) throw new RangeError('A stored account has a status that there is not.');
  return status;
}

export function isBankAccountCreated(event: DomainEvent): event is BankAccountCreatedDomainEventV1 {
  return event.type === 'BankAccountCreatedDomainEventV1';
}

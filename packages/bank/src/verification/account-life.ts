import type { DomainEvent } from '@openbank/eventsourcing';
import type {
  BankAccountClosedDomainEventV1,
  BankAccountEvent,
  BankAccountFrozenDomainEventV1,
  BankAccountOverdraftLimitChangedDomainEventV1,
  BankAccountUnfrozenDomainEventV1,
} from '../domain/account-events.ts';
import { type AccountStatus, accountStatus } from '../domain/account-status.ts';
import { formatMinor, MAX_MINOR_UNITS, parseMinor } from '../domain/money.ts';

/** What is known of an account after its last event. Amounts in minor units. */
export interface Account {
  readonly currency: string;
  readonly ownerId: string;
  limit: bigint;
  balance: bigint;
  status: AccountStatus;
}

export type Report = (kind: string, what: string) => void;

/** An event that changes an account itself, and moves no money. */
export type LifeEvent =
  | BankAccountFrozenDomainEventV1
  | BankAccountUnfrozenDomainEventV1
  | BankAccountClosedDomainEventV1
  | BankAccountOverdraftLimitChangedDomainEventV1;

const LIFE_EVENTS: ReadonlySet<BankAccountEvent['type']> = new Set([
  'BankAccountFrozenDomainEventV1',
  'BankAccountUnfrozenDomainEventV1',
  'BankAccountClosedDomainEventV1',
  'BankAccountOverdraftLimitChangedDomainEventV1',
] as const);

export function isLifeEvent(event: DomainEvent): event is LifeEvent {
  const types: ReadonlySet<string> = LIFE_EVENTS;
  return types.has(event.type);
}

/** Follows the account, and names what it must not have done. */
export function checkLife(account: Account, event: LifeEvent, report: Report): void {
  if (event.type !== 'BankAccountUnfrozenDomainEventV1') checkUsable(account, report);
  switch (event.type) {
    case 'BankAccountFrozenDomainEventV1':
      freeze(account, event, report);
      break;
    case 'BankAccountUnfrozenDomainEventV1':
      unfreeze(account, event, report);
      break;
    case 'BankAccountClosedDomainEventV1':
      close(account, event, report);
      break;
    case 'BankAccountOverdraftLimitChangedDomainEventV1':
      changeLimit(account, event, report);
      break;
    default:
      event satisfies never;
  }
}

/** Whether money may move on the account. @param added - what its entry adds, in minor units */
export function checkMovable(account: Account, added: bigint, report: Report): void {
  checkUsable(account, report);
  if (account.status === 'FROZEN_DEBIT' && added < 0n)
    report('frozen-account-used', 'it takes money out of an account that is frozen for that');
}

function checkUsable({ status }: Account, report: Report): void {
  if (status === 'CLOSED') report('closed-account-used', 'its account was closed before');
  if (status === 'FROZEN') report('frozen-account-used', 'its account was frozen before, and not unfrozen');
}

function freeze(account: Account, { data }: BankAccountFrozenDomainEventV1, report: Report): void {
  const status = accountStatus(data.status);
  const isFurther = status === 'FROZEN' || (status === 'FROZEN_DEBIT' && account.status === 'OPEN');
  if (!isFurther)
    report('status-wrong', `an account that is ${account.status} was not frozen to be ${status}`);
  account.status = status;
}

function unfreeze(account: Account, { data }: BankAccountUnfrozenDomainEventV1, report: Report): void {
  const status = accountStatus(data.status);
  if (account.status === 'CLOSED') report('closed-account-used', 'its account was closed before');
  if (account.status === 'OPEN' || status !== 'OPEN')
    report('status-wrong', `an account that is ${account.status} was not unfrozen to be ${status}`);
  account.status = status;
}

function close(account: Account, { data }: BankAccountClosedDomainEventV1, report: Report): void {
  const { balance, currency, ownerId } = account;
  if (balance !== 0n)
    report(
      'closing-with-balance',
      `the account was closed with ${formatMinor(balance, currency)} ${currency}`,
    );
  if (data.owner_id !== ownerId) report('owner-wrong', 'it names another owner than its account has');
  if (data.status !== 'CLOSED') report('status-wrong', `an account was not closed to be ${data.status}`);
  account.status = 'CLOSED';
}

function changeLimit(
  account: Account,
  { data }: BankAccountOverdraftLimitChangedDomainEventV1,
  report: Report,
): void {
  const { currency, balance } = account;
  if (data.currency !== currency)
    report('currency-wrong', `it is in ${data.currency}, its account in ${currency}`);
  const limit = parseMinor(data.overdraft_limit, data.currency);
  if (parseMinor(data.balance, data.currency) !== balance)
    report(
      'balance-wrong',
      `it says that the balance is ${data.balance}, it is ${formatMinor(balance, currency)}`,
    );
  checkLimit(limit, report);
  if (balance < -limit) report('limit-exceeded', 'the overdraft limit is less than what the account owes');
  account.limit = limit;
}

/** Whether an account may have such an overdraft limit. */
export function checkLimit(limit: bigint, report: Report): void {
  if (limit < 0n || limit > MAX_MINOR_UNITS)
    report('limit-exceeded', 'no account has such an overdraft limit');
}

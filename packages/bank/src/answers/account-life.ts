import type { AnswerEvent, DomainEvent } from '@openbank/eventsourcing';
import type {
  BankAccountClosedDomainEventV1,
  BankAccountFrozenDomainEventV1,
  BankAccountOverdraftLimitChangedDomainEventV1,
  BankAccountUnfrozenDomainEventV1,
} from '../domain/account-events.ts';
import type { AccountStatus } from '../domain/account-status.ts';
import { bankAccountAggregate } from '../domain/bank-account.ts';
import { formatMinor, parseMinor } from '../domain/money.ts';
import { rfc3339 } from '../domain/time.ts';
import { idIn, recorded } from './recorded.ts';

/** What freezing, unfreezing and closing answer. */
export interface StatusChangedAnswer {
  /** The account. */
  readonly id: string;
  readonly status: AccountStatus;
  /** RFC 3339, to the microsecond. */
  readonly changed_at: string;
}

/** What a change of the overdraft limit answers. Amounts are decimal strings with the currency's digits. */
export interface LimitChangedAnswer {
  /** The account. */
  readonly id: string;
  readonly currency: string;
  readonly balance: string;
  readonly overdraft_limit: string;
  /** What may be taken out: balance and overdraft limit. */
  readonly available_balance: string;
  /** RFC 3339, to the microsecond. */
  readonly changed_at: string;
}

export function statusChangedAnswer(events: readonly AnswerEvent[]): StatusChangedAnswer {
  const { event, stream, recordedAt } = recorded(events, isStatusChanged);
  const id = idIn(stream, bankAccountAggregate);
  return { id, status: event.data.status, changed_at: rfc3339(recordedAt) };
}

export function limitChangedAnswer(events: readonly AnswerEvent[]): LimitChangedAnswer {
  const { event, stream, recordedAt } = recorded(events, isLimitChanged);
  const { currency, balance, overdraft_limit } = event.data;
  const available = parseMinor(balance, currency) + parseMinor(overdraft_limit, currency);
  return {
    id: idIn(stream, bankAccountAggregate),
    currency,
    balance,
    overdraft_limit,
    available_balance: formatMinor(available, currency),
    changed_at: rfc3339(recordedAt),
  };
}

type StatusChanged =
  | BankAccountFrozenDomainEventV1
  | BankAccountUnfrozenDomainEventV1
  | BankAccountClosedDomainEventV1;

function isStatusChanged(event: DomainEvent): event is StatusChanged {
  return STATUS_CHANGES.has(event.type);
}

const STATUS_CHANGES = new Set([
  'BankAccountFrozenDomainEventV1',
  'BankAccountUnfrozenDomainEventV1',
  'BankAccountClosedDomainEventV1',
]);

function isLimitChanged(event: DomainEvent): event is BankAccountOverdraftLimitChangedDomainEventV1 {
  return event.type === 'BankAccountOverdraftLimitChangedDomainEventV1';
}

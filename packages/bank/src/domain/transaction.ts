import type { DomainEvent, Personal, Sealed } from '@openbank/eventsourcing';

/**
 * `DEPOSIT` puts money into an account, `WITHDRAWAL` takes it out, `TRANSFER` moves it from one to another; `INTEREST` is
 * paid by the bank, a `FEE` is paid to it; a `REVERSAL` compensates another transaction.
 */
export const TRANSACTION_TYPES = [
  'DEPOSIT',
  'WITHDRAWAL',
  'TRANSFER',
  'INTEREST',
  'FEE',
  'REVERSAL',
] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];

/**
 * A type as it was stored.
 *
 * @throws RangeError - it is none: the record is damaged
 */
export function transactionType(text: string): TransactionType {
  const type = TRANSACTION_TYPES.find((each) => each === text);
  if (type === undefined) throw new RangeError('A stored transaction has a type that there is not.');
  return type;
}

/** What a transaction is, as its event records it. Amounts are decimal strings in the event's currency. */
export interface TransactionFacts {
  readonly id: string;
  readonly type: TransactionType;
  /** Greater than zero. */
  readonly amount: string;
  /** Null where the money comes from outside. */
  readonly from_account_id: string | null;
  /** Null where the money goes outside. */
  readonly to_account_id: string | null;
  /** What follows is absent where it says nothing. The caller's own name for it: nothing personal. */
  readonly reference?: string;
  /** The caller's own, by name: nothing personal. */
  readonly metadata?: Metadata;
  /** The day from which it counts, `YYYY-MM-DD`; absent: the day on which it was booked. */
  readonly value_date?: string;
  /** What interest is paid for: see `isPeriod`. */
  readonly period?: string;
  /** Of a fee: the transfer that it is part of. */
  readonly charged_for?: string;
  /** The transaction that this one compensates. */
  readonly reverses?: string;
  /** Where it stands in the batch that it was recorded with as a whole, from 0. */
  readonly batch_item?: number;
}

export type Metadata = Readonly<Record<string, string>>;

/** One side of an entry: what it adds to the balance of an account, or of a system account such as `cash`. */
export interface Posting {
  /** The id of an account, or the name of a system account. */
  readonly account: string;
  /** Signed decimal string. */
  readonly amount: string;
}

/**
 * A balanced entry of two postings, which sum to zero: first the account's own, then a system account's. A transfer is
 * an entry on each of its accounts, in one commit and with the same transaction.
 */
export interface BankAccountTransactionRecordedDomainEventV1
  extends DomainEvent<
    'BankAccountTransactionRecordedDomainEventV1',
    {
      readonly transaction: TransactionFacts;
      /** ISO 4217: of every amount here. */
      readonly currency: string;
      /** Of the event's own account, after it. */
      readonly balance: string;
      readonly postings: readonly [Posting, Posting];
    }
  > {
  /** Holds a `TransactionText`; absent where there is none. */
  readonly personal?: Personal | Sealed;
}

/** What is recorded under the key of the account's owner. */
export interface TransactionText {
  readonly description: string;
}

export function isTransactionRecorded(
  event: DomainEvent,
): event is BankAccountTransactionRecordedDomainEventV1 {
  return event.type === 'BankAccountTransactionRecordedDomainEventV1';
}

/**
 * The entry that a transaction is told by, so that it is told once: a transfer's is that of the account that pays.
 */
export function isLeadingEntry({ data }: BankAccountTransactionRecordedDomainEventV1): boolean {
  const payer = data.transaction.from_account_id;
  return payer === null || payer === data.postings[0].account;
}

export function isTransactionText(plain: unknown): plain is TransactionText {
  return typeof plain === 'object' && plain !== null && 'description' in plain;
}

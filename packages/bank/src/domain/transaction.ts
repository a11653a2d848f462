import type { DomainEvent, Personal, Sealed } from '@openbank/eventsourcing';

/** `DEPOSIT` puts money into an account. */
export type TransactionType = 'DEPOSIT';

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
}

/** One side of an entry: what it adds to the balance of an account, or of a system account such as `cash`. */
export interface Posting {
  /** The id of an account, or the name of a system account. System accounts have no streams. */
  readonly account: string;
  /** Signed decimal string. */
  readonly amount: string;
}

/** A balanced entry of two postings on one account: they sum to zero. */
export interface BankAccountTransactionRecordedDomainEventV1
  extends DomainEvent<
    'BankAccountTransactionRecordedDomainEventV1',
    {
      readonly transaction: TransactionFacts;
      /** ISO 4217: of every amount here. */
      readonly currency: string;
      /** Of the account, after it. */
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

export function isTransactionText(plain: unknown): plain is TransactionText {
  return typeof plain === 'object' && plain !== null && 'description' in plain;
}

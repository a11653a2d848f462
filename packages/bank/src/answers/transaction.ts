import {
  type AnswerEvent,
  type DomainEvent,
  ERASED,
  type Personal,
  type Sealed,
} from '@openbank/eventsourcing';
import { bankAccountAggregate } from '../domain/bank-account.ts';
import { rfc3339 } from '../domain/time.ts';
import {
  type BankAccountTransactionRecordedDomainEventV1,
  isLeadingEntry,
  isTransactionRecorded,
  isTransactionText,
  type TransactionFacts,
  type TransactionType,
} from '../domain/transaction.ts';
import { idIn, recorded } from './recorded.ts';

/** A transaction. Amounts are decimal strings with the currency's digits. */
export interface TransactionAnswer {
  readonly id: string;
  readonly type: TransactionType;
  readonly amount: string;
  readonly currency: string;
  readonly from_account_id: string | null;
  readonly to_account_id: string | null;
  /** Null where none was given; `erased` once the account's owner is. */
  readonly description: string | null;
  /** The caller's own name for it. Null: none was given. */
  readonly reference: string | null;
  /** RFC 3339, to the microsecond. */
  readonly booked_at: string;
}

/** What a command that moves money answers: to who pays where it is a transfer, since the other balance is not theirs. */
export interface BookedAnswer {
  /** The account's id. */
  readonly id: string;
  /** Of the account, after the transaction. */
  readonly balance: string;
  readonly transaction: TransactionAnswer;
}

export function bookedAnswer(events: readonly AnswerEvent[]): BookedAnswer {
  const { event, stream, recordedAt } = recorded(events, isAnswered);
  const { transaction, currency, balance } = event.data;
  return {
    id: idIn(stream, bankAccountAggregate),
    balance,
    transaction: transactionAnswer({
      ...transaction,
      currency,
      description: event.personal === undefined ? null : descriptionIn(event.personal),
      bookedAt: recordedAt,
    }),
  };
}

/** What is known of a transaction, wherever it was read. */
interface KnownTransaction extends TransactionFacts {
  readonly currency: string;
  readonly description: string | null;
  /** Microseconds since 1970. */
  readonly bookedAt: number;
}

export function transactionAnswer(known: KnownTransaction): TransactionAnswer {
  return {
    id: known.id,
    type: known.type,
    amount: known.amount,
    currency: known.currency,
    from_account_id: known.from_account_id,
    to_account_id: known.to_account_id,
    description: known.description,
    reference: null,
    booked_at: rfc3339(known.bookedAt),
  };
}

function isAnswered(event: DomainEvent): event is BankAccountTransactionRecordedDomainEventV1 {
  return isTransactionRecorded(event) && isLeadingEntry(event);
}

function descriptionIn(personal: Personal | Sealed): string {
  if (!('plain' in personal)) throw new Error('A transaction is answered while its description is sealed.');
  return descriptionOf(personal.plain);
}

/** @param plain - a `TransactionText` as it was sealed, or `erased` */
export function descriptionOf(plain: unknown): string {
  if (plain === ERASED) return ERASED;
  if (isTransactionText(plain)) return plain.description;
  throw new Error('What was sealed with a transaction is no description.');
}

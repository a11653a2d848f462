import {
  type AnswerEvent,
  type DomainEvent,
  ERASED,
  type Personal,
  type Sealed,
} from '@openbank/eventsourcing';
import { bankAccountAggregate } from '../domain/bank-account.ts';
import { dayOf, rfc3339 } from '../domain/time.ts';
import {
  type BankAccountTransactionRecordedDomainEventV1,
  isLeadingEntry,
  isTransactionRecorded,
  isTransactionText,
  type Metadata,
  type TransactionType,
} from '../domain/transaction.ts';
import { allRecorded, idIn, type RecordedFact } from './recorded.ts';

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
  /** The caller's own. Null: none was given. */
  readonly metadata: Metadata | null;
  /** The day from which it counts, `YYYY-MM-DD`. */
  readonly value_date: string;
  /** RFC 3339, to the microsecond. */
  readonly booked_at: string;
  /** What interest was paid for; else null. */
  readonly period: string | null;
  /** Of a fee, the transfer that it is part of; else null. */
  readonly charged_for: string | null;
  /** The transaction that this one compensates, and the one that compensates this one; null where there is none. */
  readonly reverses: string | null;
  readonly reversed_by: string | null;
}

/** What a command that moves money answers: to who pays where it is a transfer, since the other balance is not theirs. */
export interface BookedAnswer {
  /** The account's id. */
  readonly id: string;
  /** Of the account, after the transaction. */
  readonly balance: string;
  readonly transaction: TransactionAnswer;
}

/** What a transfer answers: its balance is the one after the fee. */
export interface TransferredAnswer extends BookedAnswer {
  /** Null where none was charged. */
  readonly fee: TransactionAnswer | null;
}

export type BatchItemAnswer = BookedAnswer | TransferredAnswer;

export function bookedAnswer(events: readonly AnswerEvent[]): BookedAnswer {
  return bookedIn(allRecorded(events, isAnswered));
}

export function transferredAnswer(events: readonly AnswerEvent[]): TransferredAnswer {
  return transferredIn(allRecorded(events, isAnswered));
}

/** What each item of a batch answers, in the order of the items. */
export function batchAnswer(events: readonly AnswerEvent[]): readonly BatchItemAnswer[] {
  const items: (readonly [Booked, ...Booked[]])[] = [];
  for (const booked of allRecorded(events, isAnswered)) {
    const item = booked.event.data.transaction.batch_item ?? 0;
    items[item] = [...(items[item] ?? []), booked] as const;
  }
  return items.map((booked) =>
    booked[0].event.data.transaction.type === 'TRANSFER' ? transferredIn(booked) : bookedIn(booked),
  );
}

type Booked = RecordedFact<BankAccountTransactionRecordedDomainEventV1>;
/** A transaction's entry, and after it the one of its fee where there is one. */
type BookedFirst = readonly [Booked, ...(readonly Booked[])];

function bookedIn([booked]: BookedFirst): BookedAnswer {
  const { event, stream } = booked;
  return {
    id: idIn(stream, bankAccountAggregate),
    balance: event.data.balance,
    transaction: transactionOf(booked),
  };
}

function transferredIn([transfer, fee]: BookedFirst): TransferredAnswer {
  if (fee === undefined) return { ...bookedIn([transfer]), fee: null };
  return { ...bookedIn([transfer]), balance: fee.event.data.balance, fee: transactionOf(fee) };
}

/** An entry as its transaction is answered: what has happened to it since is not in it. */
export function transactionOf({ event, recordedAt }: Booked): TransactionAnswer {
  const { transaction, currency } = event.data;
  return transactionAnswer({
    ...transaction,
    currency,
    description: event.personal === undefined ? null : descriptionIn(event.personal),
    bookedAt: recordedAt,
  });
}

/** What is known of a transaction, wherever it was read: absent or null is what says nothing. */
interface KnownTransaction
  extends OrNull<Omit<TransactionAnswer, 'booked_at' | Always>>,
    Pick<TransactionAnswer, Always> {
  /** Microseconds since 1970. */
  readonly bookedAt: number;
}

type Always = 'id' | 'type' | 'amount' | 'currency' | 'from_account_id' | 'to_account_id' | 'description';
type OrNull<Fields> = { readonly [Name in keyof Fields]?: Fields[Name] | null };

export function transactionAnswer(known: KnownTransaction): TransactionAnswer {
  return {
    id: known.id,
    type: known.type,
    amount: known.amount,
    currency: known.currency,
    from_account_id: known.from_account_id,
    to_account_id: known.to_account_id,
    description: known.description,
    reference: known.reference ?? null,
    metadata: known.metadata ?? null,
    value_date: known.value_date ?? dayOf(known.bookedAt),
    booked_at: rfc3339(known.bookedAt),
    period: known.period ?? null,
    charged_for: known.charged_for ?? null,
    reverses: known.reverses ?? null,
    reversed_by: known.reversed_by ?? null,
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

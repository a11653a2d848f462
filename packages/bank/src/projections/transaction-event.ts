import type { DomainEvent, Sealed } from '@openbank/eventsourcing';
import {
  type BankAccountTransactionRecordedDomainEventV1,
  isTransactionRecorded,
} from '../domain/transaction.ts';
import { type SealedField, sealedField } from './fields.ts';

/** A transaction's event as projections see it: its description is sealed. */
export type TransactionEvent = BankAccountTransactionRecordedDomainEventV1 & { readonly personal?: Sealed };

/** @throws Error - another event: one that the projection has named no document for */
export function transactionIn(event: DomainEvent & { readonly personal?: Sealed }): TransactionEvent {
  if (isTransactionRecorded(event)) return event;
  throw new Error(`${event.type} is no transaction.`);
}

/** The sealed description of a transaction as a document keeps it; null where it has none. */
export function sealedDescription({ personal }: TransactionEvent): SealedField | null {
  return personal === undefined ? null : sealedField(personal);
}

import type { DocumentFields, ProjectedEvent, Projection } from '@openbank/eventsourcing';
import { bankAccountAggregate } from '../domain/bank-account.ts';
import { parseMinor } from '../domain/money.ts';
import { isLeadingEntry, isTransactionRecorded } from '../domain/transaction.ts';
import { beforeFields } from './before-fields.ts';
import { sealedDescription, type TransactionEvent, transactionIn } from './transaction-event.ts';

/**
 * Every transaction, by its id. A transfer is told once: by the event of the account that pays. A reversal has an event on
 * that same account, which tells the document of its original.
 */
const current: Projection = {
  name: 'transactions',
  version: 2,
  fields: {
    /** A `TransactionType` */
    type: 'text',
    /** Minor units, more than zero. */
    amount: 'integer',
    /** ISO 4217 */
    currency: 'text',
    /** Null where the money comes from outside. */
    from_account_id: 'text',
    /** Null where the money goes outside. */
    to_account_id: 'text',
    /** A `TransactionText`, sealed for the owner of the one account, or of the account that pays. */
    description: 'json',
    /** The remarks of the caller, and what it belongs to: null where there is none. See `TransactionFacts`. */
    reference: 'text',
    metadata: 'json',
    value_date: 'text',
    period: 'text',
    charged_for: 'text',
    reverses: 'text',
    /** The transaction that has reversed it; null while there is none. */
    reversed_by: 'text',
    /** Where the log holds the event that it is told by. */
    entry_account_id: 'text',
    entry_revision: 'integer',
    /** Microseconds since 1970. */
    booked_at: 'integer',
  },
  indexes: [],
  streamPrefix: bankAccountAggregate.streamPrefix,
  eventTypes: bankAccountAggregate.eventTypes,
  upcasters: bankAccountAggregate.upcasters,
  creates: ['BankAccountTransactionRecordedDomainEventV1'],
  documentIds: ({ event }) => (isTransactionRecorded(event) ? [...ownId(event), ...reversedId(event)] : []),
  updates: ({ event }, documentId) => transactionIn(event).data.transaction.id !== documentId,
  evolve(fields, projected, documentId) {
    const event = transactionIn(projected.event);
    const { id } = event.data.transaction;
    return documentId === id ? transactionDocument(event, projected) : reversed(fields, id);
  },
};

export const transactions: Projection = {
  ...current,
  previous: beforeFields(current, {
    version: 1,
    indexes: [],
    documentIds: ({ event }) => (isTransactionRecorded(event) ? ownId(event) : []),
    added: {
      reference: null,
      metadata: null,
      value_date: null,
      period: null,
      charged_for: null,
      reverses: null,
      reversed_by: null,
      entry_account_id: null,
      entry_revision: null,
    },
  }),
};

function ownId(event: TransactionEvent): readonly string[] {
  return isLeadingEntry(event) ? [event.data.transaction.id] : [];
}

/**
 * The transaction that the event reverses, where its account is the one that transaction is told by: of the two accounts of
 * a reversed transfer, the one that had paid.
 */
function reversedId({ data: { transaction, postings } }: TransactionEvent): readonly string[] {
  const { reverses, to_account_id: payer } = transaction;
  return reverses !== undefined && (payer === null || payer === postings[0].account) ? [reverses] : [];
}

function transactionDocument(
  event: TransactionEvent,
  { aggregateId, revision, recordedAt }: ProjectedEvent,
): DocumentFields {
  const { transaction, currency } = event.data;
  return {
    type: transaction.type,
    amount: parseMinor(transaction.amount, currency),
    currency,
    from_account_id: transaction.from_account_id,
    to_account_id: transaction.to_account_id,
    description: sealedDescription(event),
    reference: transaction.reference ?? null,
    metadata: transaction.metadata ?? null,
    value_date: transaction.value_date ?? null,
    period: transaction.period ?? null,
    charged_for: transaction.charged_for ?? null,
    reverses: transaction.reverses ?? null,
    reversed_by: null,
    entry_account_id: aggregateId,
    entry_revision: BigInt(revision),
    booked_at: BigInt(recordedAt),
  };
}

/** @throws Error - the transaction is not there: the log has a reversal of something that never was */
function reversed(fields: DocumentFields | undefined, reversedBy: string): DocumentFields {
  if (fields === undefined) throw new Error('A transaction was reversed before it was recorded.');
  return { ...fields, reversed_by: reversedBy };
}

import type { DocumentFields, ProjectedEvent, Projection } from '@openbank/eventsourcing';
import { bankAccountAggregate } from '../domain/bank-account.ts';
import { parseMinor } from '../domain/money.ts';
import { isTransactionRecorded, type TransactionFacts } from '../domain/transaction.ts';
import { beforeFields } from './before-fields.ts';
import { sealedDescription, transactionIn } from './transaction-event.ts';

/**
 * A line for each transaction on an account, `{account id}@{revision}`: a transfer has one on each of its accounts. Its
 * amount is what it adds to the balance, so that a statement adds up: each balance is the one before it and the amount.
 */
const current: Projection = {
  name: 'statement_lines',
  version: 2,
  fields: {
    account_id: 'text',
    transaction_id: 'text',
    /** A `TransactionType` */
    type: 'text',
    /** Minor units, below zero where money leaves the account. */
    amount: 'integer',
    /** Of the account, after it, in minor units. */
    balance: 'integer',
    /** ISO 4217 */
    currency: 'text',
    /** The other account of a transfer; else null. */
    counterparty_account_id: 'text',
    /** A `TransactionText`, sealed for the owner of this account. */
    description: 'json',
    /** The remarks of the caller, and what it reverses: null where there is none. See `TransactionFacts`. */
    reference: 'text',
    metadata: 'json',
    value_date: 'text',
    reverses: 'text',
    /** Microseconds since 1970. */
    booked_at: 'integer',
  },
  indexes: [['account_id', 'booked_at']],
  grows: true,
  streamPrefix: bankAccountAggregate.streamPrefix,
  eventTypes: bankAccountAggregate.eventTypes,
  upcasters: bankAccountAggregate.upcasters,
  creates: ['BankAccountTransactionRecordedDomainEventV1'],
  documentIds: ({ event, aggregateId, revision }) =>
    isTransactionRecorded(event) ? [lineId(aggregateId, revision)] : [],
  evolve: (_, event) => lineDocument(event),
};

export const statementLines: Projection = {
  ...current,
  previous: beforeFields(current, {
    version: 1,
    indexes: current.indexes,
    added: { reference: null, metadata: null, value_date: null, reverses: null },
  }),
};

/** Lines of an account that were booked in the same microsecond stay in the order of its stream. */
function lineId(accountId: string, revision: number): string {
  return `${accountId}@${String(revision).padStart(16, '0')}`;
}

function lineDocument({ event, aggregateId, recordedAt }: ProjectedEvent): DocumentFields {
  const recorded = transactionIn(event);
  const { transaction, currency, balance, postings } = recorded.data;
  const [own] = postings;
  return {
    account_id: aggregateId,
    transaction_id: transaction.id,
    type: transaction.type,
    amount: parseMinor(own.amount, currency),
    balance: parseMinor(balance, currency),
    currency,
    counterparty_account_id: otherAccount(transaction, aggregateId),
    description: sealedDescription(recorded),
    reference: transaction.reference ?? null,
    metadata: transaction.metadata ?? null,
    value_date: transaction.value_date ?? null,
    reverses: transaction.reverses ?? null,
    booked_at: BigInt(recordedAt),
  };
}

function otherAccount({ from_account_id: from, to_account_id: to }: TransactionFacts, accountId: string) {
  return from === accountId ? to : from;
}

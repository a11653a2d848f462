import type { DocumentFields, ProjectedEvent, Projection } from '@openbank/eventsourcing';
import { bankAccountAggregate } from '../domain/bank-account.ts';
import { parseMinor } from '../domain/money.ts';
import { isLeadingEntry, isTransactionRecorded } from '../domain/transaction.ts';
import { sealedDescription, transactionIn } from './transaction-event.ts';

/** Every transaction, by its id. A transfer is told once: by the event of the account that pays. */
export const transactions: Projection = {
  name: 'transactions',
  version: 1,
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
    /** Microseconds since 1970. */
    booked_at: 'integer',
  },
  indexes: [],
  streamPrefix: bankAccountAggregate.streamPrefix,
  eventTypes: bankAccountAggregate.eventTypes,
  upcasters: bankAccountAggregate.upcasters,
  creates: ['BankAccountTransactionRecordedDomainEventV1'],
  documentIds: ({ event }) =>
    isTransactionRecorded(event) && isLeadingEntry(event) ? [event.data.transaction.id] : [],
  evolve: (_, event) => transactionDocument(event),
};

function transactionDocument({ event, recordedAt }: ProjectedEvent): DocumentFields {
  const recorded = transactionIn(event);
  const { transaction, currency } = recorded.data;
  return {
    type: transaction.type,
    amount: parseMinor(transaction.amount, currency),
    currency,
    from_account_id: transaction.from_account_id,
    to_account_id: transaction.to_account_id,
    description: sealedDescription(recorded),
    booked_at: BigInt(recordedAt),
  };
}

import { accounts } from '@openbank/bank';
import type { Projection, Sealed } from '@openbank/eventsourcing';

/** A document for each transaction of an account, as the bank will have it: the other read model of the goal. */
export const statementLines: Projection = {
  name: 'statement_lines',
  version: 1,
  fields: {
    account_id: 'text',
    transaction_id: 'text',
    type: 'text',
    amount: 'integer',
    balance: 'integer',
    currency: 'text',
    description: 'json',
    booked_at: 'integer',
  },
  indexes: [],
  streamPrefix: accounts.streamPrefix,
  eventTypes: accounts.eventTypes,
  creates: ['BankAccountTransactionRecordedDomainEventV1'],
  documentIds: ({ event, aggregateId, revision }) =>
    event.type === 'BankAccountTransactionRecordedDomainEventV1'
      ? [`${aggregateId}@${String(revision).padStart(10, '0')}`]
      : [],
  evolve: (_, { event, aggregateId, recordedAt }) => {
    const { transaction, balance, currency } = event.data as Recorded;
    return {
      account_id: aggregateId,
      transaction_id: transaction.id,
      type: transaction.type,
      amount: BigInt(transaction.amount.replace('.', '')),
      balance: BigInt(balance.replace('.', '')),
      currency,
      description: event.personal === undefined ? null : sealed(event.personal),
      booked_at: BigInt(recordedAt),
    };
  },
};

function sealed({ subject, event, cipher }: Sealed) {
  return { subject, event, cipher };
}

interface Recorded {
  readonly transaction: { readonly id: string; readonly type: string; readonly amount: string };
  readonly balance: string;
  readonly currency: string;
}

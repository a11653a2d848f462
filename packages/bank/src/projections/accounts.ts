import type { DocumentFields, ProjectedEvent, Projection } from '@openbank/eventsourcing';
import { type BankAccountEvent, bankAccountAggregate, createdAccount } from '../domain/bank-account.ts';
import { parseMinor } from '../domain/money.ts';

/** Every account, by its id, by its owner, and by currency and status. The owner's name is looked up at the query. */
export const accounts: Projection = {
  name: 'accounts',
  version: 1,
  fields: {
    owner_id: 'text',
    /** ISO 4217 */
    currency: 'text',
    /** Minor units, as the overdraft limit. */
    balance: 'integer',
    overdraft_limit: 'integer',
    /** An `AccountStatus` */
    status: 'text',
    /** Microseconds since 1970, as all times here. */
    created_at: 'integer',
    /** Time of its last event. */
    last_modified: 'integer',
  },
  indexes: [['owner_id'], ['currency'], ['status'], ['currency', 'status']],
  streamPrefix: bankAccountAggregate.streamPrefix,
  eventTypes: bankAccountAggregate.eventTypes,
  upcasters: bankAccountAggregate.upcasters,
  creates: ['BankAccountCreatedDomainEventV1'],
  documentIds: ({ aggregateId }) => [aggregateId],
  evolve: evolveAccountDocument,
};

function evolveAccountDocument(
  fields: DocumentFields | undefined,
  { event, recordedAt }: ProjectedEvent<BankAccountEvent>,
): DocumentFields {
  const time = BigInt(recordedAt);
  switch (event.type) {
    case 'BankAccountCreatedDomainEventV1': {
      const { ownerId, currency, balance, overdraftLimit, status } = createdAccount(event.data);
      const opened = { owner_id: ownerId, currency, balance, overdraft_limit: overdraftLimit, status };
      return { ...opened, created_at: time, last_modified: time };
    }
    case 'BankAccountTransactionRecordedDomainEventV1': {
      const { balance, currency } = event.data;
      return { ...fields, balance: parseMinor(balance, currency), last_modified: time };
    }
    default:
      return event satisfies never;
  }
}

import type { DocumentFields, ProjectedEvent, Projection } from '@openbank/eventsourcing';
import type { BankAccountEvent } from '../domain/account-events.ts';
import { bankAccountAggregate, createdAccount } from '../domain/bank-account.ts';
import { parseMinor } from '../domain/money.ts';
import { beforeFields } from './before-fields.ts';

/**
 * Every account, by its id, by its owner, by its reference, and by currency and status. The owner's name is looked up at
 * the query.
 */
const current: Projection = {
  name: 'accounts',
  version: 2,
  fields: {
    owner_id: 'text',
    /** ISO 4217 */
    currency: 'text',
    /** Minor units, as the overdraft limit. */
    balance: 'integer',
    overdraft_limit: 'integer',
    /** An `AccountStatus` */
    status: 'text',
    /** The caller's own name for it; null where none was given. */
    reference: 'text',
    /** Microseconds since 1970, as all times here. */
    created_at: 'integer',
    /** Time of its last event. */
    last_modified: 'integer',
  },
  indexes: [['owner_id'], ['currency'], ['status'], ['currency', 'status'], ['reference']],
  streamPrefix: bankAccountAggregate.streamPrefix,
  eventTypes: bankAccountAggregate.eventTypes,
  upcasters: bankAccountAggregate.upcasters,
  creates: ['BankAccountCreatedDomainEventV1'],
  documentIds: ({ aggregateId }) => [aggregateId],
  evolve: evolveAccountDocument,
};

export const accounts: Projection = {
  ...current,
  previous: beforeFields(current, {
    version: 1,
    indexes: [['owner_id'], ['currency'], ['status'], ['currency', 'status']],
    added: { reference: null },
  }),
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
      const { reference = null } = event.data;
      return { ...opened, reference, created_at: time, last_modified: time };
    }
    case 'BankAccountTransactionRecordedDomainEventV1': {
      const { balance, currency } = event.data;
      return { ...fields, balance: parseMinor(balance, currency), last_modified: time };
    }
    case 'BankAccountFrozenDomainEventV1':
    case 'BankAccountUnfrozenDomainEventV1':
    case 'BankAccountClosedDomainEventV1':
      return { ...fields, status: event.data.status, last_modified: time };
    case 'BankAccountOverdraftLimitChangedDomainEventV1': {
      const { overdraft_limit: limit, currency } = event.data;
      return { ...fields, overdraft_limit: parseMinor(limit, currency), last_modified: time };
    }
    default:
      return event satisfies never;
  }
}

import type { DocumentFields, ProjectedEvent, Projection } from '@openbank/eventsourcing';
import { bankAccountAggregate } from '../domain/bank-account.ts';
import { parseMinor } from '../domain/money.ts';
import { CUSTOMERS } from '../domain/system-accounts.ts';
import { isTransactionRecorded } from '../domain/transaction.ts';
import { integer } from './fields.ts';
import { type TransactionEvent, transactionIn } from './transaction-event.ts';

/**
 * The books: a total for each currency and account, `{currency}/{account}`. Each event is an entry of two postings that
 * sum to zero, so the totals of a currency do at every event. An entry that does not stops the projection.
 */
export const trialBalance: Projection = {
  name: 'trial_balance',
  version: 1,
  order: 'log',
  fields: {
    /** ISO 4217 */
    currency: 'text',
    /** `customers`, or the name of a system account. */
    account: 'text',
    /** Minor units. */
    balance: 'integer',
    /** Of the last entry in it. */
    position: 'text',
  },
  indexes: [],
  streamPrefix: bankAccountAggregate.streamPrefix,
  eventTypes: bankAccountAggregate.eventTypes,
  upcasters: bankAccountAggregate.upcasters,
  creates: ['BankAccountTransactionRecordedDomainEventV1'],
  documentIds: ({ event, aggregateId }) => (isTransactionRecorded(event) ? totalsOf(event, aggregateId) : []),
  evolve: evolveTotal,
};

function evolveTotal(
  fields: DocumentFields | undefined,
  { event, position }: ProjectedEvent,
  documentId: string,
): DocumentFields {
  const { currency, postings } = transactionIn(event).data;
  const account = documentId.slice(currency.length + 1);
  const posting = account === CUSTOMERS ? postings[0] : postings[1];
  const before = fields === undefined ? 0n : integer(fields, 'balance');
  return { currency, account, balance: before + parseMinor(posting.amount, currency), position };
}

/**
 * The two totals that an entry is added to.
 *
 * @throws Error - it is no balanced entry of its own account and a system account: the books would be wrong from there
 */
function totalsOf({ data }: TransactionEvent, accountId: string): readonly string[] {
  const { currency, postings } = data;
  const [own, against] = postings;
  if (postings.length !== 2 || own.account !== accountId || isCustomers(against.account)) {
    throw new Error('Its entry is not of two postings, on its own account and on a system account.');
  }
  if (parseMinor(own.amount, currency) + parseMinor(against.amount, currency) !== 0n) {
    throw new Error('The postings of its entry do not sum to zero.');
  }
  return [`${currency}/${CUSTOMERS}`, `${currency}/${against.account}`];
}

/** No system account is called like an account, nor like all of them together. */
function isCustomers(account: string): boolean {
  return account === CUSTOMERS || /^[0-9a-f]{32}$/.test(account);
}

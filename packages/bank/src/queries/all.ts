import type { EventStore, ReadModelReader, Vault } from '@openbank/eventsourcing';
import { streamOf } from '@openbank/eventsourcing';
import { bankAccount } from '../domain/bank-account.ts';
import { accounts } from '../projections/accounts.ts';
import { persons } from '../projections/persons.ts';
import { statementLines } from '../projections/statement-lines.ts';
import { transactions } from '../projections/transactions.ts';
import { trialBalance } from '../projections/trial-balance.ts';
import { nowOrThen, streamsOfAccount, streamsOfOwner } from './as-of.ts';
import { findTransaction } from './find-transaction.ts';
import { getAccount } from './get-account.ts';
import { getAccountEvents } from './get-account-events.ts';
import { getAccountTransactions } from './get-account-transactions.ts';
import { getAccounts, validateGetAccounts } from './get-accounts.ts';
import { getAccountsByOwner } from './get-accounts-by-owner.ts';
import { getPerson } from './get-person.ts';
import { getPersons } from './get-persons.ts';
import { getTransaction } from './get-transaction.ts';
import { getTransactionsByKey } from './get-transactions-by-key.ts';
import { getTrialBalance } from './get-trial-balance.ts';
import { validateStatementFilters } from './statement-filters.ts';

/** What queries work with. */
export interface QueryParts {
  readonly models: ReadModelReader;
  readonly vault: Vault;
  readonly log: EventStore;
}

/** The handler of every query, by the name that the architecture gives it. A new query is added here. */
export const queryHandlers = ({ models, vault, log }: QueryParts) => ({
  GetPerson: getPerson(models, vault),
  GetPersons: getPersons(models, vault),
  GetAccount: nowOrThen((at) => getAccount(at, vault), models, log, {
    projections: [accounts, persons],
    streams: ({ accountId }) => streamsOfAccount(log, accountId),
  }),
  GetAccounts: getAccounts(models, vault),
  GetAccountsByOwner: nowOrThen((at) => getAccountsByOwner(at, vault), models, log, {
    projections: [accounts, persons],
    streams: ({ ownerId }) => streamsOfOwner(log, ownerId),
  }),
  GetAccountTransactions: nowOrThen((at) => getAccountTransactions(at, vault), models, log, {
    projections: [accounts, statementLines],
    streams: async ({ accountId }) => [streamOf(bankAccount(accountId))],
  }),
  GetAccountEvents: getAccountEvents(log, vault),
  GetTransaction: nowOrThen((at) => getTransaction(at, vault), models, log, {
    projections: [transactions],
    // A transaction has no stream of its own, but never leaves the one that it was booked on.
    async streams({ transactionId }) {
      const found = await findTransaction(models)({ type: 'FindTransaction', transactionId }, undefined);
      return found === undefined ? [] : [streamOf(bankAccount(found.accountId))];
    },
  }),
  FindTransaction: findTransaction(models),
  GetTransactionsByKey: getTransactionsByKey(log, models, vault),
  GetTrialBalance: nowOrThen(getTrialBalance, models, log, {
    projections: [trialBalance],
    streams: () => 'all',
  }),
});

/** What refuses a malformed query before anything is done for it, by its name. */
export const queryValidators = {
  GetAccounts: validateGetAccounts,
  GetAccountTransactions: validateStatementFilters,
};

export type { AccountAnswer, OwnedAccountAnswer } from './answers/account.ts';
export type { PersonAnswer } from './answers/person.ts';
export type { StatementLineAnswer } from './answers/statement-line.ts';
export type { BatchItemAnswer, BookedAnswer, TransactionAnswer } from './answers/transaction.ts';
export type { CurrencyBalance, TrialBalanceAnswer } from './answers/trial-balance.ts';
export { type CommandParts, commandHandlers, commandValidators } from './commands/all.ts';
export type { BatchItem } from './commands/batch-item.ts';
export { ACCOUNT_STATUSES, type AccountStatus } from './domain/account-status.ts';
export { bankAccountAggregate } from './domain/bank-account.ts';
export { isCurrency } from './domain/currencies.ts';
export { FROZEN_STATUSES, type FrozenStatus } from './domain/freezing.ts';
export { personAggregate } from './domain/person.ts';
export { type Address, GENDERS, type Gender, type PersonalDetails } from './domain/personal-details.ts';
export {
  type FieldProblem,
  isRefusal,
  Refusal,
  type RefusalCode,
  type RefusalKind,
} from './domain/refusal.ts';
export {
  MAX_METADATA_MEMBERS,
  MAX_METADATA_NAME_LENGTH,
  MAX_METADATA_VALUE_LENGTH,
} from './domain/remarks.ts';
export {
  MAX_ADDRESS_LINE_LENGTH,
  MAX_DESCRIPTION_LENGTH,
  MAX_NAME_LENGTH,
  MAX_REFERENCE_LENGTH,
} from './domain/text-rules.ts';
export { TRANSACTION_TYPES, type TransactionType } from './domain/transaction.ts';
export { accounts } from './projections/accounts.ts';
export { projections } from './projections/all.ts';
export { persons } from './projections/persons.ts';
export { statementLines } from './projections/statement-lines.ts';
export { transactions } from './projections/transactions.ts';
export { type QueryParts, queryHandlers, queryValidators } from './queries/all.ts';
export { findTransactionDescription } from './queries/find-transaction.ts';
export { type GetAccount, getAccountDescription } from './queries/get-account.ts';
export {
  type GetAccountEvents,
  getAccountEventsDescription,
} from './queries/get-account-events.ts';
export {
  type GetAccountTransactions,
  getAccountTransactionsDescription,
} from './queries/get-account-transactions.ts';
export {
  type GetAccounts,
  getAccountsDescription,
} from './queries/get-accounts.ts';
export {
  type GetAccountsByOwner,
  getAccountsByOwnerDescription,
} from './queries/get-accounts-by-owner.ts';
export { type GetPerson, getPersonDescription } from './queries/get-person.ts';
export { type GetPersons, getPersonsDescription } from './queries/get-persons.ts';
export {
  type GetTransaction,
  getTransactionDescription,
} from './queries/get-transaction.ts';
export { getTransactionsByKeyDescription } from './queries/get-transactions-by-key.ts';
export {
  type GetTrialBalance,
  getTrialBalanceDescription,
} from './queries/get-trial-balance.ts';
export { readInstant } from './queries/instant.ts';
export type {
  Found,
  ListPage,
  LookupDescription,
  Paging,
  QueryDescription,
} from './queries/query-description.ts';
export type { CurrencyTotals } from './verification/books.ts';
export { createLedgerCheck, type LedgerCheck } from './verification/ledger.ts';

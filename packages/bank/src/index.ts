export type { AccountAnswer, OwnedAccountAnswer } from './answers/account.ts';
export type { PersonAnswer } from './answers/person.ts';
export type { StatementLineAnswer } from './answers/statement-line.ts';
export type { BookedAnswer, TransactionAnswer } from './answers/transaction.ts';
export type { CurrencyBalance, TrialBalanceAnswer } from './answers/trial-balance.ts';
export {
  type CreateBankAccount,
  createBankAccount,
  validateCreateBankAccount,
} from './commands/create-bank-account.ts';
export { type CreateDeposit, createDeposit } from './commands/create-deposit.ts';
export { type CreateTransfer, createTransfer, validateCreateTransfer } from './commands/create-transfer.ts';
export { type CreateWithdrawal, createWithdrawal } from './commands/create-withdrawal.ts';
export { validateMovement } from './commands/movement.ts';
export { type RegisterPerson, registerPerson, validateRegisterPerson } from './commands/register-person.ts';
export { ACCOUNT_STATUSES, type AccountStatus } from './domain/account-status.ts';
export { bankAccountAggregate } from './domain/bank-account.ts';
export { isCurrency } from './domain/currencies.ts';
export { personAggregate } from './domain/person.ts';
export { type Address, GENDERS, type Gender, type PersonalDetails } from './domain/personal-details.ts';
export {
  type FieldProblem,
  isRefusal,
  Refusal,
  type RefusalCode,
  type RefusalKind,
} from './domain/refusal.ts';
export { MAX_ADDRESS_LINE_LENGTH, MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH } from './domain/text-rules.ts';
export { TRANSACTION_TYPES, type TransactionType } from './domain/transaction.ts';
export { accounts } from './projections/accounts.ts';
export { projections } from './projections/all.ts';
export { persons } from './projections/persons.ts';
export { statementLines } from './projections/statement-lines.ts';
export { transactions } from './projections/transactions.ts';
export { type GetAccount, getAccount, getAccountDescription } from './queries/get-account.ts';
export {
  type GetAccountTransactions,
  getAccountTransactions,
  getAccountTransactionsDescription,
} from './queries/get-account-transactions.ts';
export {
  type GetAccounts,
  getAccounts,
  getAccountsDescription,
  validateGetAccounts,
} from './queries/get-accounts.ts';
export {
  type GetAccountsByOwner,
  getAccountsByOwner,
  getAccountsByOwnerDescription,
} from './queries/get-accounts-by-owner.ts';
export { type GetPerson, getPerson, getPersonDescription } from './queries/get-person.ts';
export { type GetPersons, getPersons, getPersonsDescription } from './queries/get-persons.ts';
export {
  type GetTransaction,
  getTransaction,
  getTransactionDescription,
} from './queries/get-transaction.ts';
export {
  type GetTrialBalance,
  getTrialBalance,
  getTrialBalanceDescription,
} from './queries/get-trial-balance.ts';
export type {
  Found,
  ListPage,
  LookupDescription,
  Paging,
  QueryDescription,
} from './queries/query-description.ts';
export { validateStatementFilters } from './queries/statement-filters.ts';
export type { CurrencyTotals } from './verification/books.ts';
export { createLedgerCheck, type LedgerCheck } from './verification/ledger.ts';

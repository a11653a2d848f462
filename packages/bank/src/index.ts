export type { AccountAnswer, OwnedAccountAnswer } from './answers/account.ts';
export type { PersonAnswer } from './answers/person.ts';
export type { BookedAnswer, TransactionAnswer } from './answers/transaction.ts';
export {
  type CreateBankAccount,
  createBankAccount,
  validateCreateBankAccount,
} from './commands/create-bank-account.ts';
export { type CreateDeposit, createDeposit, validateCreateDeposit } from './commands/create-deposit.ts';
export { type RegisterPerson, registerPerson, validateRegisterPerson } from './commands/register-person.ts';
export { type AccountStatus, bankAccountAggregate } from './domain/bank-account.ts';
export { currencyCodes, isCurrency } from './domain/currencies.ts';
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
export { accounts } from './projections/accounts.ts';
export { persons } from './projections/persons.ts';
export { type GetAccount, getAccount, getAccountDescription } from './queries/get-account.ts';
export {
  type GetAccountsByOwner,
  getAccountsByOwner,
  getAccountsByOwnerDescription,
} from './queries/get-accounts-by-owner.ts';
export { type GetPerson, getPerson, getPersonDescription } from './queries/get-person.ts';
export type { Found, QueryDescription } from './queries/query-description.ts';

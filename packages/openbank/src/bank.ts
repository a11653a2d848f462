import {
  createBankAccount,
  createDeposit,
  createTransfer,
  createWithdrawal,
  getAccount,
  getAccounts,
  getAccountsByOwner,
  getAccountTransactions,
  getPerson,
  getPersons,
  getTransaction,
  getTrialBalance,
  registerPerson,
  validateCreateBankAccount,
  validateCreateTransfer,
  validateGetAccounts,
  validateMovement,
  validateRegisterPerson,
  validateStatementFilters,
} from '@openbank/bank';
import {
  authorize,
  createMediator,
  idempotency,
  type Mediator,
  type ReadModelReader,
  type Repository,
  type RequestContext,
  type Trace,
  trace,
  type Vault,
  validate,
} from '@openbank/eventsourcing';
import { mayDo } from './actor.ts';

export interface BankParts {
  readonly repository: Repository;
  readonly models: ReadModelReader;
  readonly vault: Vault;
  /** Told of every message, for metrics. */
  observe(trace: Trace): void;
}

/** Commands and queries by the names that the architecture gives them. */
const handlersOf = ({ repository, models, vault }: BankParts) => ({
  RegisterPerson: registerPerson(repository, vault),
  CreateBankAccount: createBankAccount(repository),
  CreateDeposit: createDeposit(repository),
  CreateWithdrawal: createWithdrawal(repository),
  CreateTransfer: createTransfer(repository),
  GetPerson: getPerson(models, vault),
  GetAccount: getAccount(models, vault),
  GetAccountsByOwner: getAccountsByOwner(models, vault),
  GetPersons: getPersons(models, vault),
  GetAccounts: getAccounts(models, vault),
  GetAccountTransactions: getAccountTransactions(models, vault),
  GetTransaction: getTransaction(models, vault),
  GetTrialBalance: getTrialBalance(models),
});

/** The bank as whoever talks to it sees it: messages in, answers out. */
export type Bank = Mediator<RequestContext, ReturnType<typeof handlersOf>>;

export function createBank(parts: BankParts): Bank {
  return createMediator({
    handlers: handlersOf(parts),
    pipeline: [
      trace(parts.observe),
      validate({
        RegisterPerson: validateRegisterPerson,
        CreateBankAccount: validateCreateBankAccount,
        CreateDeposit: validateMovement,
        CreateWithdrawal: validateMovement,
        CreateTransfer: validateCreateTransfer,
        GetAccounts: validateGetAccounts,
        GetAccountTransactions: validateStatementFilters,
      }),
      authorize<RequestContext>(mayDo),
      idempotency(parts.vault),
    ],
  });
}

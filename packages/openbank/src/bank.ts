import {
  createBankAccount,
  createDeposit,
  getAccount,
  getAccountsByOwner,
  getPerson,
  registerPerson,
  validateCreateBankAccount,
  validateCreateDeposit,
  validateRegisterPerson,
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
  GetPerson: getPerson(models, vault),
  GetAccount: getAccount(models, vault),
  GetAccountsByOwner: getAccountsByOwner(models, vault),
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
        CreateDeposit: validateCreateDeposit,
      }),
      authorize<RequestContext>(mayDo),
      idempotency(parts.vault),
    ],
  });
}

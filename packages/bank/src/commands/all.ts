import type { EventReader, Repository, Vault } from '@openbank/eventsourcing';
import { changeOverdraftLimit, validateChangeOverdraftLimit } from './change-overdraft-limit.ts';
import { closeAccount } from './close-account.ts';
import { correctPerson, validateCorrectPerson } from './correct-person.ts';
import { createBankAccount, validateCreateBankAccount } from './create-bank-account.ts';
import { createBatch, validateCreateBatch } from './create-batch.ts';
import { createDeposit, validateCreateDeposit } from './create-deposit.ts';
import { createFee, validateCreateFee } from './create-fee.ts';
import { createReversal, validateCreateReversal } from './create-reversal.ts';
import { createTransfer, validateCreateTransfer } from './create-transfer.ts';
import { createWithdrawal, validateCreateWithdrawal } from './create-withdrawal.ts';
import { freezeAccount } from './freeze-account.ts';
import { recordInterest, validateRecordInterest } from './record-interest.ts';
import { registerPerson, validateRegisterPerson } from './register-person.ts';
import { unfreezeAccount } from './unfreeze-account.ts';

/** What commands work with. */
export interface CommandParts {
  readonly repository: Repository;
  readonly vault: Vault;
  readonly log: EventReader;
}

/** The handler of every command, by the name that the architecture gives it. A new command is added here. */
export const commandHandlers = ({ repository, vault, log }: CommandParts) => ({
  RegisterPerson: registerPerson(repository, vault),
  CorrectPerson: correctPerson(repository, vault),
  CreateBankAccount: createBankAccount(repository),
  FreezeAccount: freezeAccount(repository),
  UnfreezeAccount: unfreezeAccount(repository),
  CloseAccount: closeAccount(repository),
  ChangeOverdraftLimit: changeOverdraftLimit(repository),
  CreateDeposit: createDeposit(repository),
  CreateWithdrawal: createWithdrawal(repository),
  CreateTransfer: createTransfer(repository),
  RecordInterest: recordInterest(repository),
  CreateFee: createFee(repository),
  CreateReversal: createReversal(repository, log),
  CreateBatch: createBatch(repository),
});

/** What refuses a malformed command before anything is done for it, by its name. */
export const commandValidators = {
  RegisterPerson: validateRegisterPerson,
  CorrectPerson: validateCorrectPerson,
  CreateBankAccount: validateCreateBankAccount,
  ChangeOverdraftLimit: validateChangeOverdraftLimit,
  CreateDeposit: validateCreateDeposit,
  CreateWithdrawal: validateCreateWithdrawal,
  CreateTransfer: validateCreateTransfer,
  RecordInterest: validateRecordInterest,
  CreateFee: validateCreateFee,
  CreateReversal: validateCreateReversal,
  CreateBatch: validateCreateBatch,
};

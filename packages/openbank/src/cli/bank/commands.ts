import type { MakeCommand } from '../make-command.ts';
import { closeCommand, freezeCommand, overdraftLimitCommand, unfreezeCommand } from './account-states.ts';
import { byOwnerCommand, listCommand, openCommand, showCommand } from './accounts.ts';
import { commandGroup } from './bank-command.ts';
import { batchCommand } from './batch.ts';
import {
  depositCommand,
  feeCommand,
  interestCommand,
  reverseCommand,
  transferCommand,
  withdrawCommand,
} from './movements.ts';
import { personCommands } from './persons.ts';
import { seedCommand } from './seed.ts';
import { eventsCommand, statementCommand } from './statement.ts';
import { transactionCommands } from './transactions.ts';
import { trialBalanceCommand } from './trial-balance.ts';

const accountCommands = commandGroup('account', 'what holds money', [
  openCommand,
  showCommand,
  listCommand,
  byOwnerCommand,
  statementCommand,
  eventsCommand,
  freezeCommand,
  unfreezeCommand,
  closeCommand,
  overdraftLimitCommand,
]);

/** The bank itself from the shell. All of them talk to a bank that runs. */
export const BANK_COMMANDS: readonly MakeCommand[] = [
  personCommands,
  accountCommands,
  depositCommand,
  withdrawCommand,
  transferCommand,
  interestCommand,
  feeCommand,
  reverseCommand,
  transactionCommands,
  trialBalanceCommand,
  batchCommand,
  seedCommand,
];

import type { Schemas } from '@openbank/client';
import { Option } from 'commander';
import type { MakeCommand } from '../make-command.ts';
import type { BankCommand } from './bank-command.ts';
import { defined } from './defined.ts';
import { REMARK_OPTIONS, type RemarkFlags, remarksOf } from './remarks.ts';
import { bookedLines } from './transaction-lines.ts';
import { type WriteFlags, writeCommand, writeParams } from './writes.ts';

type Booked = Schemas['Booked'];
type Movement<Own, Data> = Omit<BankCommand<RemarkFlags & WriteFlags & Own, Data>, 'show' | 'id'>;

/** A command that moves money, of which something can be said. */
function movementCommand<Own, Data extends Booked>(declared: Movement<Own, Data>): MakeCommand {
  const { options = [] } = declared;
  const id = ({ transaction }: Booked): string => transaction.id;
  return writeCommand({ ...declared, options: [...options, ...REMARK_OPTIONS], show: bookedLines, id });
}

interface CashFlags {
  readonly systemAccount?: string;
}

const cashOption = (help: string): Option => new Option('--system-account <name>', `${help}; default: cash`);

export const depositCommand = movementCommand<CashFlags, Booked>({
  usage: 'deposit <account-id> <amount>',
  summary: 'put money into an account',
  options: [cashOption('the account of the bank that it comes from')],
  examples: [
    'deposit 0199f1c64b7d7c3a9f0e2d5b8a6c4e10 1000.00 --description "Initial deposit"',
    'deposit 0199f1c64b7d7c3a9f0e2d5b8a6c4e10 1000.00 --key salary-2026-09',
  ],
  call: (bank, { args: [account_id = '', amount = ''], flags }) =>
    bank.post('/transactions/deposit', {
      body: { account_id, amount, ...remarksOf(flags), ...systemAccountOf(flags) },
      params: writeParams(flags),
    }),
});

export const withdrawCommand = movementCommand<CashFlags, Booked>({
  usage: 'withdraw <account-id> <amount>',
  summary: 'take money out of an account',
  options: [cashOption('the account of the bank that it goes to')],
  examples: ['withdraw 0199f1c64b7d7c3a9f0e2d5b8a6c4e10 25.00'],
  call: (bank, { args: [account_id = '', amount = ''], flags }) =>
    bank.post('/transactions/withdrawal', {
      body: { account_id, amount, ...remarksOf(flags), ...systemAccountOf(flags) },
      params: writeParams(flags),
    }),
});

export const transferCommand = movementCommand<{ readonly fee?: string }, Schemas['Transferred']>({
  usage: 'transfer <from-account-id> <to-account-id> <amount>',
  summary: 'move money from one account to another',
  options: [new Option('--fee <amount>', 'what the paying account pays to the bank besides')],
  examples: [
    'transfer 0199f1c64b7d7c3a9f0e2d5b8a6c4e10 0199f1c64c0a7e91a2b3c4d5e6f70819 250.00 --description Rent',
  ],
  call: (bank, { args: [from_account_id = '', to_account_id = '', amount = ''], flags }) =>
    bank.post('/transactions/transfer', {
      body: { from_account_id, to_account_id, amount, ...remarksOf(flags), ...defined({ fee: flags.fee }) },
      params: writeParams(flags),
    }),
});

export const interestCommand = movementCommand<{ readonly period: string }, Booked>({
  usage: 'interest <account-id> <amount>',
  summary: 'pay interest to an account, once for each period',
  options: [
    new Option(
      '--period <period>',
      'a year, quarter, month or day: 2026, 2026-Q3, 2026-09 or 2026-09-30',
    ).makeOptionMandatory(),
  ],
  examples: ['interest 0199f1c64b7d7c3a9f0e2d5b8a6c4e10 1.25 --period 2026-09'],
  call: (bank, { args: [account_id = '', amount = ''], flags }) =>
    bank.post('/transactions/interest', {
      body: { account_id, amount, period: flags.period, ...remarksOf(flags) },
      params: writeParams(flags),
    }),
});

export const feeCommand = movementCommand<object, Booked>({
  usage: 'fee <account-id> <amount>',
  summary: 'charge a fee to an account',
  examples: ['fee 0199f1c64b7d7c3a9f0e2d5b8a6c4e10 2.00 --description "Account fee"'],
  call: (bank, { args: [account_id = '', amount = ''], flags }) =>
    bank.post('/transactions/fee', {
      body: { account_id, amount, ...remarksOf(flags) },
      params: writeParams(flags),
    }),
});

export const reverseCommand = movementCommand<object, Booked>({
  usage: 'reverse <transaction-id>',
  summary: 'take a transaction back by a new one, once',
  examples: ['reverse 0199f1c64d2b7f03b4c5d6e7f8091a2b --description "Booked twice"'],
  call: (bank, { args: [id = ''], flags }) =>
    bank.post('/transactions/{id}/reversal', {
      params: { ...writeParams(flags), path: { id } },
      body: remarksOf(flags),
    }),
});

function systemAccountOf({ systemAccount }: CashFlags) {
  return defined({ system_account: systemAccount });
}

import type { Schemas } from '@openbank/client';
import { AS_OF_OPTIONS, type AsOfFlags, asOfQuery } from './as-of.ts';
import { bankCommand, commandGroup } from './bank-command.ts';
import { type Page, showPage } from './lists.ts';
import { transactionLines } from './transaction-lines.ts';

type Transaction = Schemas['Transaction'];

const showCommand = bankCommand<AsOfFlags, Transaction>({
  usage: 'show <transaction-id>',
  summary: 'show a transaction',
  options: AS_OF_OPTIONS,
  examples: ['transaction show 0199f1c64d2b7f03b4c5d6e7f8091a2b'],
  call: (bank, { args: [id = ''], flags }) =>
    bank.get('/transactions/{id}', { params: { path: { id }, query: asOfQuery(flags, bank.position) } }),
  show: transactionLines,
});

const findCommand = bankCommand<object, Page<Transaction>>({
  usage: 'find <key>',
  summary: 'find what was recorded under an idempotency key',
  examples: ['transaction find salary-2026-09'],
  call: (bank, { args: [idempotency_key = ''] }) =>
    bank.get('/transactions', { params: { query: { idempotency_key } } }),
  show: showPage([
    { head: 'TRANSACTION', value: ({ id }) => id },
    { head: 'TYPE', value: ({ type }) => type },
    { head: 'AMOUNT', right: true, value: ({ amount }) => amount },
    { head: 'CURRENCY', value: ({ currency }) => currency },
    { head: 'FROM', value: ({ from_account_id }) => from_account_id },
    { head: 'TO', value: ({ to_account_id }) => to_account_id },
    { head: 'DESCRIPTION', value: ({ description }) => description },
  ]),
});

export const transactionCommands = commandGroup('transaction', 'what has moved money', [
  showCommand,
  findCommand,
]);

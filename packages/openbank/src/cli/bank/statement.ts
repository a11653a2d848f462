import type { Schemas } from '@openbank/client';
import { Option } from 'commander';
import { AS_OF_OPTIONS, type AsOfFlags, asOfQuery } from './as-of.ts';
import { bankCommand } from './bank-command.ts';
import { defined } from './defined.ts';
import { LIST_OPTIONS, type ListFlags, type Page, pageQuery, showPage } from './lists.ts';
import { TRANSACTION_TYPES, type TransactionType } from './transaction-lines.ts';
import { typedTime } from './typed-time.ts';

interface StatementFlags extends ListFlags, AsOfFlags {
  readonly from?: string;
  readonly to?: string;
  readonly type?: TransactionType;
  readonly minAmount?: string;
  readonly maxAmount?: string;
  readonly reference?: string;
  readonly order?: 'asc' | 'desc';
}

export const statementCommand = bankCommand<StatementFlags, Page<Schemas['StatementLine']>>({
  usage: 'statement <account-id>',
  summary: 'list what was moved on an account, and the balance after each',
  options: [
    new Option('--from <time>', 'booked at or after this day or time, UTC').argParser(typedTime),
    new Option('--to <time>', 'booked before this day or time, UTC').argParser(typedTime),
    new Option('--type <type>', 'those of this type alone').choices(TRANSACTION_TYPES),
    new Option('--min-amount <amount>', 'at least so much was moved'),
    new Option('--max-amount <amount>', 'at most so much was moved'),
    new Option('--reference <name>', 'those of this reference alone'),
    new Option('--order <order>', 'desc: the newest first; asc: the oldest').choices(['desc', 'asc']),
    ...LIST_OPTIONS,
    ...AS_OF_OPTIONS,
  ],
  examples: [
    'account statement 0199f1c64b7d7c3a9f0e2d5b8a6c4e10',
    'account statement 0199f1c64b7d7c3a9f0e2d5b8a6c4e10 --from 2026-01-01 --to 2026-02-01 --order asc',
  ],
  call: (bank, { args: [id = ''], flags }) => {
    const { from, to, type, minAmount: min_amount, maxAmount: max_amount, reference, order } = flags;
    const filters = defined({ from, to, type, min_amount, max_amount, reference, order });
    const query = { ...filters, ...pageQuery(flags), ...asOfQuery(flags, bank.position) };
    return bank.get('/accounts/{id}/transactions', { params: { path: { id }, query } });
  },
  show: showPage([
    { head: 'BOOKED', value: ({ booked_at }) => booked_at.slice(0, 19).replace('T', ' ') },
    { head: 'VALUE DATE', value: ({ value_date }) => value_date },
    { head: 'TYPE', value: ({ type }) => type },
    { head: 'AMOUNT', right: true, value: ({ amount }) => amount },
    { head: 'BALANCE', right: true, value: ({ balance }) => balance },
    { head: 'TRANSACTION', value: ({ transaction_id }) => transaction_id },
    { head: 'DESCRIPTION', value: ({ description }) => description },
  ]),
});

export const eventsCommand = bankCommand<ListFlags, Page<Schemas['AccountEvent']>>({
  usage: 'events <account-id>',
  summary: 'list the events of an account as the log holds them',
  options: LIST_OPTIONS,
  notes: 'With --json all of each event: its data, its metadata and its link of the chain.',
  examples: [
    'account events 0199f1c64b7d7c3a9f0e2d5b8a6c4e10',
    'account events 0199f1c64b7d7c3a9f0e2d5b8a6c4e10 --json',
  ],
  call: (bank, { args: [id = ''], flags }) =>
    bank.get('/accounts/{id}/events', { params: { path: { id }, query: pageQuery(flags) } }),
  show: showPage([
    { head: 'POSITION', value: ({ position }) => position },
    { head: 'REVISION', right: true, value: ({ revision }) => String(revision) },
    { head: 'RECORDED', value: ({ recorded_at }) => recorded_at },
    { head: 'EVENT', value: ({ type, schema_version }) => `${type} (${schema_version})` },
  ]),
});

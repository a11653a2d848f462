import type { Schemas } from '@openbank/client';
import { Option } from 'commander';
import { AS_OF_OPTIONS, type AsOfFlags, asOfQuery } from './as-of.ts';
import { bankCommand } from './bank-command.ts';
import { defined } from './defined.ts';
import { LIST_OPTIONS, type ListFlags, type Page, pageQuery, showPage } from './lists.ts';
import { type Column, detailLines, tableLines } from './table.ts';
import { writeCommand, writeParams } from './writes.ts';

type Account = Schemas['Account'];

interface OpenFlags {
  readonly currency?: string;
  readonly overdraftLimit?: string;
  readonly reference?: string;
}

export const openCommand = writeCommand<OpenFlags, Schemas['AccountOpened']>({
  usage: 'open <owner-id>',
  summary: 'open an account for a person',
  options: [
    new Option('--currency <code>', 'ISO 4217, for as long as it exists; default: that of the bank'),
    new Option('--overdraft-limit <amount>', 'how far it may go below zero; default: not at all'),
    new Option('--reference <name>', 'your own name for it; kept in the clear'),
  ],
  examples: ['account open 0199f1c64b1f7a52b6a4d3c2e1f09876 --currency EUR --overdraft-limit 500.00'],
  call: (bank, { args: [owner_id = ''], flags }) => {
    const { currency, overdraftLimit: overdraft_limit, reference } = flags;
    const body = defined({ owner_id, currency, overdraft_limit, reference });
    return bank.post('/accounts', { body, params: writeParams(flags) });
  },
  show: (account) => showAccount({ ...account, owner: null }),
  id: ({ id }) => id,
});

export const showCommand = bankCommand<AsOfFlags, Account>({
  usage: 'show <account-id>',
  summary: 'show an account and its balance',
  options: AS_OF_OPTIONS,
  examples: [
    'account show 0199f1c64b7d7c3a9f0e2d5b8a6c4e10',
    'account show 0199f1c64b7d7c3a9f0e2d5b8a6c4e10 --as-of 2026-01-31T00:00:00Z',
  ],
  call: (bank, { args: [id = ''], flags }) =>
    bank.get('/accounts/{id}', { params: { path: { id }, query: asOfQuery(flags, bank.position) } }),
  show: showAccount,
});

const STATUSES = ['OPEN', 'FROZEN_DEBIT', 'FROZEN', 'CLOSED'] as const;

const COLUMNS: readonly Column<Account>[] = [
  { head: 'ACCOUNT', value: ({ id }) => id },
  { head: 'OWNER', value: ({ owner }) => owner },
  { head: 'BALANCE', right: true, value: ({ balance }) => balance },
  { head: 'AVAILABLE', right: true, value: ({ available_balance }) => available_balance },
  { head: 'CURRENCY', value: ({ currency }) => currency },
  { head: 'STATUS', value: ({ status }) => status },
];

interface FilterFlags extends ListFlags {
  readonly owner?: string;
  readonly status?: (typeof STATUSES)[number];
  readonly currency?: string;
  readonly reference?: string;
}

export const listCommand = bankCommand<FilterFlags, Page<Account>>({
  usage: 'list',
  summary: 'list accounts in the order of their opening',
  options: [
    new Option('--owner <person-id>', 'those of this person alone'),
    new Option('--status <status>', 'those of this status alone').choices(STATUSES),
    new Option('--currency <code>', 'those of this currency alone'),
    new Option('--reference <name>', 'those of this reference alone'),
    ...LIST_OPTIONS,
  ],
  examples: ['account list --owner 0199f1c64b1f7a52b6a4d3c2e1f09876', 'account list --status FROZEN --json'],
  call: (bank, { flags }) => {
    const { owner: owner_id, status, currency, reference } = flags;
    const filters = defined({ owner_id, status, currency, reference });
    return bank.get('/accounts', { params: { query: { ...filters, ...pageQuery(flags) } } });
  },
  show: showPage(COLUMNS),
});

export const byOwnerCommand = bankCommand<AsOfFlags, readonly Account[]>({
  usage: 'by-owner <person-id>',
  summary: 'list all accounts of a person',
  options: AS_OF_OPTIONS,
  examples: ['account by-owner 0199f1c64b1f7a52b6a4d3c2e1f09876 --as-of 2026-01-31T00:00:00Z'],
  call: (bank, { args: [owner_id = ''], flags }) =>
    bank.get('/accounts/by-owner/{owner_id}', {
      params: { path: { owner_id }, query: asOfQuery(flags, bank.position) },
    }),
  show: (accounts) => (accounts.length === 0 ? ['There are none.'] : tableLines(COLUMNS, accounts)),
});

function showAccount(account: Account): readonly string[] {
  const { currency } = account;
  return detailLines({
    account: account.id,
    owner: account.owner === null ? account.owner_id : `${account.owner} (${account.owner_id})`,
    balance: `${account.balance} ${currency}`,
    available: `${account.available_balance} ${currency}`,
    'overdraft limit': `${account.overdraft_limit} ${currency}`,
    status: account.status,
    reference: account.reference,
    opened: account.created_at,
    'last modified': account.last_modified,
  });
}

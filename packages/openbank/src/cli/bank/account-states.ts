import type { Schemas } from '@openbank/client';
import { Option } from 'commander';
import { detailLines } from './table.ts';
import { writeCommand, writeParams } from './writes.ts';

type Changed = Schemas['AccountStatusChanged'];

const showChanged = ({ id, status, changed_at }: Changed): readonly string[] =>
  detailLines({ account: id, status, changed: changed_at });

export const freezeCommand = writeCommand<{ readonly debit?: true }, Changed>({
  usage: 'freeze <account-id>',
  summary: 'let nothing happen on an account until it is unfrozen',
  options: [new Option('--debit', 'only what takes money out is refused')],
  examples: [
    'account freeze 0199f1c64b7d7c3a9f0e2d5b8a6c4e10',
    'account freeze 0199f1c64b7d7c3a9f0e2d5b8a6c4e10 --debit',
  ],
  call: (bank, { args: [id = ''], flags }) =>
    bank.post('/accounts/{id}/freeze', {
      params: { ...writeParams(flags), path: { id } },
      body: { status: flags.debit === true ? 'FROZEN_DEBIT' : 'FROZEN' },
    }),
  show: showChanged,
  id: ({ id }) => id,
});

export const unfreezeCommand = writeCommand<object, Changed>({
  usage: 'unfreeze <account-id>',
  summary: 'open a frozen account again',
  examples: ['account unfreeze 0199f1c64b7d7c3a9f0e2d5b8a6c4e10'],
  call: (bank, { args: [id = ''], flags }) =>
    bank.post('/accounts/{id}/unfreeze', { params: { ...writeParams(flags), path: { id } }, body: {} }),
  show: showChanged,
  id: ({ id }) => id,
});

export const closeCommand = writeCommand<object, Changed>({
  usage: 'close <account-id>',
  summary: 'close an account for ever; its balance must be zero',
  examples: ['account close 0199f1c64b7d7c3a9f0e2d5b8a6c4e10 --dry-run'],
  call: (bank, { args: [id = ''], flags }) =>
    bank.post('/accounts/{id}/close', { params: { ...writeParams(flags), path: { id } }, body: {} }),
  show: showChanged,
  id: ({ id }) => id,
});

export const overdraftLimitCommand = writeCommand<object, Schemas['OverdraftLimitChanged']>({
  usage: 'overdraft-limit <account-id> <amount>',
  summary: 'set how far an account may go below zero',
  examples: ['account overdraft-limit 0199f1c64b7d7c3a9f0e2d5b8a6c4e10 500.00'],
  call: (bank, { args: [id = '', overdraft_limit = ''], flags }) =>
    bank.put('/accounts/{id}/overdraft-limit', {
      params: { ...writeParams(flags), path: { id } },
      body: { overdraft_limit },
    }),
  show: (account) =>
    detailLines({
      account: account.id,
      'overdraft limit': `${account.overdraft_limit} ${account.currency}`,
      balance: `${account.balance} ${account.currency}`,
      available: `${account.available_balance} ${account.currency}`,
      changed: account.changed_at,
    }),
  id: ({ id }) => id,
});

import type { Schemas } from '@openbank/client';
import { AS_OF_OPTIONS, type AsOfFlags, asOfQuery } from './as-of.ts';
import { bankCommand } from './bank-command.ts';
import { type Column, tableLines } from './table.ts';

type TrialBalance = Schemas['TrialBalance'];

interface Line {
  readonly currency: string;
  readonly account: string;
  readonly balance: string;
}

const COLUMNS: readonly Column<Line>[] = [
  { head: 'CURRENCY', value: ({ currency }) => currency },
  { head: 'ACCOUNT', value: ({ account }) => account },
  { head: 'BALANCE', right: true, value: ({ balance }) => balance },
];

export const trialBalanceCommand = bankCommand<AsOfFlags, TrialBalance>({
  usage: 'trial-balance',
  summary: 'show what all accounts hold together, by currency: zero in total',
  options: AS_OF_OPTIONS,
  examples: ['trial-balance', 'trial-balance --as-of 2026-01-31T00:00:00Z'],
  call: (bank, { flags }) =>
    bank.get('/trial-balance', { params: { query: asOfQuery(flags, bank.position) } }),
  show: ({ currencies }) =>
    currencies.length === 0 ? ['Nothing was moved yet.'] : tableLines(COLUMNS, currencies.flatMap(linesOf)),
});

function linesOf({ currency, accounts, total }: TrialBalance['currencies'][number]): readonly Line[] {
  return [
    ...accounts.map(({ account, balance }) => ({ currency, account, balance })),
    { currency, account: 'total', balance: total },
  ];
}

import type { Projection } from '@openbank/eventsourcing';
import { accounts } from './accounts.ts';
import { persons } from './persons.ts';
import { statementLines } from './statement-lines.ts';
import { transactions } from './transactions.ts';
import { trialBalance } from './trial-balance.ts';

/** Every read model of the bank. */
export const projections: readonly Projection[] = [
  accounts,
  persons,
  statementLines,
  transactions,
  trialBalance,
];

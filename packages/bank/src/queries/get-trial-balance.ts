import type { Document, Handler, ReadModelReader } from '@openbank/eventsourcing';
import type { CurrencyBalance, TrialBalanceAnswer } from '../answers/trial-balance.ts';
import { formatMinor } from '../domain/money.ts';
import { integer, text } from '../projections/fields.ts';
import { trialBalance } from '../projections/trial-balance.ts';
import type { AsOf } from './as-of.ts';
import type { QueryDescription } from './query-description.ts';

export interface GetTrialBalance extends AsOf {
  readonly type: 'GetTrialBalance';
}

export const getTrialBalanceDescription: QueryDescription = { drawsOn: [trialBalance] };

/** All totals in one page: what two pages show is not of one moment. There are a few for each currency. */
const ALL = 1_000_000;

/** What the accounts of each currency hold, all at the position that it answers. */
export function getTrialBalance(
  models: ReadModelReader,
): Handler<GetTrialBalance, unknown, TrialBalanceAnswer> {
  return async () => {
    const { documents } = await models.find(trialBalance, { limit: ALL });
    const byCurrency = Map.groupBy(documents, ({ fields }) => text(fields, 'currency'));
    return {
      position: lastPosition(documents),
      currencies: [...byCurrency].map(([currency, totals]) => currencyBalance(currency, totals)),
    };
  };
}

/** Plain comparison is the order of positions. */
function lastPosition(totals: readonly Document[]): string | null {
  return totals.map(({ fields }) => text(fields, 'position')).reduce(later, null);
}

function later(a: string | null, b: string): string {
  return a === null || b > a ? b : a;
}

function currencyBalance(currency: string, totals: readonly Document[]): CurrencyBalance {
  const accounts = totals.map(({ fields }) => ({
    account: text(fields, 'account'),
    balance: integer(fields, 'balance'),
  }));
  const total = accounts.reduce((sum, { balance }) => sum + balance, 0n);
  return {
    currency,
    accounts: accounts.map(({ account, balance }) => ({ account, balance: formatMinor(balance, currency) })),
    total: formatMinor(total, currency),
  };
}

import { type CheckedEvent, type Findings, placeOf } from '@openbank/eventsourcing';
import { formatMinor } from '../domain/money.ts';
import { CUSTOMERS, TRANSFERS } from '../domain/system-accounts.ts';

/** The books, by currency. Amounts come in minor units. */
export interface Books {
  /** Adds to a system account what an event posts to it. */
  post(currency: string, account: string, minor: bigint): void;
  /** A customer's balance has changed by so much. */
  balanceChanged(currency: string, minor: bigint): void;
  /** Whether the books of the currency sum to zero after an event. */
  checkBalanced(currency: string, event: CheckedEvent, findings: Findings): void;
  /** Whether nothing is left between the two sides of a transfer. */
  endOfCommit(findings: Findings): void;
  totals(): readonly CurrencyTotals[];
}

/** The books of a currency, as decimal strings. */
export interface CurrencyTotals {
  /** ISO 4217 */
  readonly currency: string;
  /** By account: `customers`, and each system account. */
  readonly accounts: Readonly<Record<string, string>>;
  /** Of all of them: zero. */
  readonly sum: string;
}

interface Currency {
  readonly totals: Map<string, bigint>;
  sum: bigint;
  /** What has been named already: only a change is another fault. */
  namedSum: bigint;
  namedTransfers: bigint;
  last: CheckedEvent | undefined;
}

export function createBooks(): Books {
  const currencies = new Map<string, Currency>();
  const touched = new Set<Currency>();

  function of(currency: string): Currency {
    let found = currencies.get(currency);
    if (found === undefined) {
      found = {
        totals: new Map([[CUSTOMERS, 0n]]),
        sum: 0n,
        namedSum: 0n,
        namedTransfers: 0n,
        last: undefined,
      };
      currencies.set(currency, found);
    }
    return found;
  }

  function add(currency: string, account: string, minor: bigint): void {
    const books = of(currency);
    books.totals.set(account, (books.totals.get(account) ?? 0n) + minor);
    books.sum += minor;
  }

  return {
    post: add,
    balanceChanged: (currency, minor) => add(currency, CUSTOMERS, minor),
    checkBalanced(currency, event, findings) {
      const books = of(currency);
      books.last = event;
      touched.add(books);
      if (books.sum === books.namedSum) return;
      books.namedSum = books.sum;
      const what = `the books of ${currency} sum to ${formatMinor(books.sum, currency)} after it, not to zero`;
      findings.add('trial-balance-wrong', placeOf(event), what);
    },
    endOfCommit(findings) {
      for (const books of touched) {
        const left = books.totals.get(TRANSFERS) ?? 0n;
        if (left !== books.namedTransfers && books.last !== undefined) {
          const what = `${left} minor units are left between the two sides of transfers at the end of its commit`;
          findings.add('transfers-not-zero', placeOf(books.last), what);
        }
        books.namedTransfers = left;
      }
      touched.clear();
    },
    totals: () =>
      [...currencies]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([currency, books]) => totalsOf(currency, books)),
  };
}

function totalsOf(currency: string, { totals, sum }: Currency): CurrencyTotals {
  const entries = [...totals].map(([account, minor]) => [account, formatMinor(minor, currency)] as const);
  return { currency, accounts: Object.fromEntries(entries), sum: formatMinor(sum, currency) };
}

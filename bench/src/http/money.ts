import { bankAccountAggregate } from '@openbank/bank';
import { openSqliteEventStore } from '@openbank/engine-sqlite';

/**
 * What all accounts together hold by the log of a bank that has ended: the last balance of each, in cents.
 *
 * @throws Error - a balance does not follow from the one before it and its posting
 */
async function moneyInLog(directory: string): Promise<bigint> {
  const store = await openSqliteEventStore({ directory });
  const balances = new Map<string, bigint>();
  for await (const { events } of store.readAll({ prefixes: [bankAccountAggregate.streamPrefix] })) {
    for (const { stream, data, position } of events) {
      const { balance, postings = [] }: Booked = JSON.parse(data);
      const moved = postings.find(({ account }) => stream.endsWith(account));
      const before = balances.get(stream) ?? 0n;
      if (cents(balance) !== before + cents(moved?.amount ?? '0.00'))
        throw new Error(`The balance at position ${position} does not follow from the one before.`);
      balances.set(stream, cents(balance));
    }
  }
  await store.close();
  return [...balances.values()].reduce((sum, balance) => sum + balance, 0n);
}

interface Booked {
  readonly balance: string;
  readonly postings?: readonly { readonly account: string; readonly amount: string }[];
}

function cents(amount: string): bigint {
  return BigInt(amount.replace('.', ''));
}

export interface Expected {
  /** Acknowledged deposits of 1.00. */
  readonly deposits: number;
  /** Deposits that nobody waited for: a load ends with a request in flight on each connection. */
  readonly unknown: number;
  /** In it before, whole units. */
  readonly before?: number;
}

/** @throws Error - money that was acknowledged is missing, or there is more than was ever sent */
export async function assertMoney(
  directory: string,
  { deposits, unknown, before = 0 }: Expected,
): Promise<void> {
  const money = await moneyInLog(directory);
  const least = BigInt(before + deposits) * 100n;
  const most = least + BigInt(unknown) * 100n;
  if (money >= least && money <= most) return;
  throw new Error(`The accounts hold ${money} cents, and ${least} to ${most} were paid in.`);
}

import { call } from '../http/call.ts';
import { median } from '../runner/median.ts';

/** Milliseconds that queries take over HTTP, one after the other: medians. */
export interface ReadTimes {
  readonly account: number;
  /** The newest fifty lines of a statement. */
  readonly statement: number;
}

const QUERIES = 300;

/** Of accounts that lie far from each other. */
export async function readTimes(address: string, accounts: readonly string[]): Promise<ReadTimes> {
  const of = (path: string) => medianTime(accounts, (id) => call(`${address}/api/v1/accounts/${id}${path}`));
  return { account: await of(''), statement: await of('/transactions?limit=50&order=desc') };
}

async function medianTime(
  accounts: readonly string[],
  query: (id: string) => Promise<unknown>,
): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < QUERIES; at++) {
    const begin = performance.now();
    await query(accounts[Math.floor((at * accounts.length) / QUERIES)] ?? '');
    times.push(performance.now() - begin);
  }
  return median(times);
}

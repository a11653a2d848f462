import { join } from 'node:path';
import { inDirectory } from '../in-directory.ts';
import type { Scale } from '../runner/benchmark.ts';
import { assertSound, type Served, startBank } from './bank-process.ts';
import { openAccounts } from './fill.ts';
import { type Load, warmLoad } from './load.ts';
import { assertMoney } from './money.ts';

export interface BankLoadOptions {
  /** Lua for the load, once the accounts are there. */
  readonly script: (accounts: readonly string[]) => string;
  readonly accounts: number;
  readonly connections: number;
  /** What each account holds before, whole units. */
  readonly funds?: number;
  /** What a request of the load pays in, whole units. Default: 1. */
  readonly paysIn?: number;
  /** Safeguards that are taken out. */
  readonly without?: readonly string[];
  /** Something more to do with the loaded bank; answers how many deposits of 1.00 it made, and how many it lost sight of. */
  readonly after?: (bank: LoadedBank) => Promise<{ readonly deposits: number; readonly unknown: number }>;
}

export interface LoadedBank {
  readonly address: string;
  readonly directory: string;
  readonly accounts: readonly string[];
}

const NOTHING = { deposits: 0, unknown: 0 };

/** A load on a new bank with the given accounts; afterwards the money in its log is counted, and all of it verified. */
export function bankLoad(scale: Scale, options: BankLoadOptions): Promise<Load> {
  const { connections, funds, paysIn = 1, without = [], after = async () => NOTHING } = options;
  return inDirectory(scale.directory, async (folder) => {
    const directory = join(folder, 'data');
    const server = await startBank(directory, without);
    const result = await whileServing(server, async ({ address }) => {
      const accounts = await openAccounts(address, options.accounts, funds?.toFixed(2));
      const script = options.script(accounts);
      const load = await warmLoad({ address, connections, seconds: scale.seconds, script });
      return { load, extra: await after({ address, directory, accounts }) };
    });
    const { load, extra } = result;
    // A log without its CRC is read by nobody, and one without another safeguard is not sound.
    if (!without.includes('crc')) {
      // Two loads, warming up and measured, and each ends with a request in flight on every connection.
      const own = { deposits: paysIn * load.answered, unknown: paysIn * 2 * connections };
      await assertMoney(directory, {
        before: (funds ?? 0) * options.accounts,
        deposits: own.deposits + extra.deposits,
        unknown: own.unknown + extra.unknown,
      });
    }
    if (without.length === 0) await assertSound(directory);
    return load;
  });
}

async function whileServing<Result>(
  server: Served,
  work: (server: Served) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

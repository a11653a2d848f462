import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteReadModelReader } from '@openbank/engine-sqlite';
import { leastOf, type ReadModel } from '@openbank/eventsourcing';
import { call } from './call.ts';

/** Between two samples, milliseconds. */
const PAUSE_MS = 15;

export interface LagOptions {
  readonly address: string;
  readonly directory: string;
  readonly account: string;
  readonly models: readonly ReadModel[];
  readonly seconds: number;
}

/** Lags of the read models, and how many deposits it took to find them. */
export interface Lags {
  readonly milliseconds: readonly number[];
  readonly deposits: number;
}

/**
 * How long after a deposit was acknowledged all read models show it, sample after sample: looked up in their file,
 * every millisecond, beside the bank.
 */
export async function sampleLag({ address, directory, account, models, seconds }: LagOptions): Promise<Lags> {
  const reader = openSqliteReadModelReader({ directory });
  const milliseconds: number[] = [];
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const deposit = { account_id: account, amount: '1.00', description: 'Sample' };
    const { position } = await call(`${address}/api/v1/transactions/deposit`, deposit);
    const acknowledged = performance.now();
    for (const model of models)
      while ((leastOf(await reader.checkpoints(model)) ?? '') < (position ?? '')) await sleep(1);
    milliseconds.push(performance.now() - acknowledged);
    await sleep(PAUSE_MS);
  }
  await reader.close();
  return { milliseconds, deposits: milliseconds.length };
}

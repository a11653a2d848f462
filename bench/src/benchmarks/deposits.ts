import { projections } from '@openbank/bank';
import { type BankLoadOptions, bankLoad } from '../http/bank-load.ts';
import { startBare } from '../http/bank-process.ts';
import { sampleLag } from '../http/lag.ts';
import { assertWrk, load, warmLoad } from '../http/load.ts';
import { deposits, transfers } from '../http/requests.ts';
import type { Benchmark, Row, Scale } from '../runner/benchmark.ts';
import { quantile } from '../runner/median.ts';
import { inRounds } from '../runner/rounds.ts';
import { figuresOf, rate, rateAgainst, timeAtMost } from '../runner/rows.ts';

const CONNECTIONS = 64;

/** Durable writes over HTTP at full load, beside a bare Fastify handler, and how far the read models are behind. */
export const depositsBenchmark: Benchmark = {
  part: 'deposits',
  about: 'deposits and transfers over HTTP, 64 connections, against a bare Fastify handler; lag at full load',
  requires: assertWrk,
  async run(scale) {
    const lags: number[] = [];
    const figures = await inRounds(scale, contenders(scale, lags));
    return rows((name) => figuresOf(figures, name), lags);
  },
};

function contenders(scale: Scale, lags: number[]) {
  const bank =
    (options: Partial<BankLoadOptions> = {}) =>
    async () => {
      const standard = { script: deposits, accounts: scale.accounts, connections: CONNECTIONS };
      return (await bankLoad(scale, { ...standard, ...options })).perSecond;
    };
  return {
    bare: () => bare(scale),
    on: bank({ after: lagAtFullLoad(scale, lags) }),
    off: bank({ without: ['projections'] }),
    hot: bank({ accounts: 1 }),
    transfers: bank({ script: transfers, funds: 10_000, paysIn: 0 }),
  };
}

async function bare({ accounts, seconds }: Scale): Promise<number> {
  const server = await startBare();
  const script = deposits(Array.from({ length: accounts }, (_, at) => at.toString(16).padStart(32, '0')));
  const { perSecond } = await warmLoad({
    address: server.address,
    script,
    connections: CONNECTIONS,
    seconds,
  });
  await server.stop();
  return perSecond;
}

/** Loads the bank again, and takes the 99th percentile of its lags meanwhile. */
function lagAtFullLoad({ seconds }: Scale, lags: number[]): NonNullable<BankLoadOptions['after']> {
  return async ({ address, directory, accounts }) => {
    const [account = ''] = accounts;
    const [sampled, { answered }] = await Promise.all([
      sampleLag({ address, directory, account, models: projections, seconds }),
      load({ address, script: deposits(accounts), connections: CONNECTIONS, seconds }),
    ]);
    lags.push(quantile(sampled.milliseconds, 0.99));
    return { deposits: sampled.deposits + answered, unknown: CONNECTIONS };
  };
}

function rows(of: (name: string) => readonly number[], lags: readonly number[]): readonly Row[] {
  const toBare = { to: 'bare handler', base: of('bare') };
  const toDeposits = { to: 'deposits', base: of('on') };
  return [
    rate('bare Fastify handler, 64 connections', of('bare')),
    rateAgainst('durable deposits, projections on', of('on'), { ...toBare, least: 0.4, aim: 0.5 }),
    rateAgainst('durable deposits, projections off', of('off'), { ...toBare, least: 0.55, aim: 0.65 }),
    rateAgainst('durable deposits to one hot account', of('hot'), { ...toDeposits, least: 0.8 }),
    rateAgainst('durable transfers', of('transfers'), { ...toDeposits, least: 0.7 }),
    timeAtMost('lag of all read models at full load, p99', 'ms', lags, 100),
  ];
}

import { bankLoad } from '../http/bank-load.ts';
import { startBare } from '../http/bank-process.ts';
import { assertWrk, warmLoad } from '../http/load.ts';
import { accountQueries } from '../http/requests.ts';
import type { Benchmark } from '../runner/benchmark.ts';
import { inRounds } from '../runner/rounds.ts';
import { figuresOf, rate, rateAgainst } from '../runner/rows.ts';

const CONNECTIONS = 64;

/** Single accounts, read over HTTP. */
export const queriesBenchmark: Benchmark = {
  part: 'queries',
  about: 'GET /accounts/{id} over HTTP, 64 connections, against a bare Fastify handler',
  requires: assertWrk,
  async run(scale) {
    const figures = await inRounds(scale, {
      bare: async () => {
        const server = await startBare();
        const script = accountQueries(
          Array.from({ length: scale.accounts }, (_, at) => at.toString(16).padStart(32, '0')),
        );
        const load = { address: server.address, script, connections: CONNECTIONS, seconds: scale.seconds };
        const { perSecond } = await warmLoad(load);
        await server.stop();
        return perSecond;
      },
      bank: async () => {
        const { accounts } = scale;
        const load = {
          script: accountQueries,
          accounts,
          connections: CONNECTIONS,
          funds: 1_000,
          paysIn: 0,
        };
        return (await bankLoad(scale, load)).perSecond;
      },
    });
    const bare = figuresOf(figures, 'bare');
    return [
      rate('bare Fastify GET, 64 connections', bare),
      rateAgainst('queries of accounts by id', figuresOf(figures, 'bank'), {
        to: 'bare GET',
        base: bare,
        least: 0.8,
      }),
    ];
  },
};

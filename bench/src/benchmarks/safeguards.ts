import { bankLoad } from '../http/bank-load.ts';
import { assertWrk } from '../http/load.ts';
import { deposits } from '../http/requests.ts';
import type { Benchmark } from '../runner/benchmark.ts';
import { inRounds } from '../runner/rounds.ts';
import { figuresOf, rate, rateAgainst } from '../runner/rows.ts';

const ALL = 'all safeguards';

/** What each safeguard costs: deposits over HTTP with one after the other taken out, see `http/without.ts`. */
export const safeguardsBenchmark: Benchmark = {
  part: 'safeguards',
  about: 'deposits with one safeguard after the other taken out, in a bank for measurement only',
  onRequest: true,
  requires: assertWrk,
  async run(scale) {
    const bank =
      (without: readonly string[], keys = true) =>
      async () => {
        const script = (accounts: readonly string[]) => deposits(accounts, { keys });
        const options = { script, without, accounts: scale.accounts, connections: 64 };
        return (await bankLoad(scale, options)).perSecond;
      };
    const figures = await inRounds(scale, {
      [ALL]: bank([]),
      'without idempotency keys': bank([], false),
      'without encryption': bank(['encryption']),
      'without the chain': bank(['chain']),
      'without the CRC': bank(['crc']),
      'without projections': bank(['projections']),
      'without any of them': bank(['encryption', 'chain', 'crc', 'projections'], false),
    });
    const base = figuresOf(figures, ALL);
    return [...figures].map(([what, each]) =>
      what === ALL ? rate(what, each) : rateAgainst(what, each, { to: ALL, base }),
    );
  },
};

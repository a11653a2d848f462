import { bankLoad } from '../http/bank-load.ts';
import { assertWrk } from '../http/load.ts';
import { deposits } from '../http/requests.ts';
import { inDirectory } from '../in-directory.ts';
import type { Benchmark } from '../runner/benchmark.ts';
import { median } from '../runner/median.ts';
import { inRounds } from '../runner/rounds.ts';
import { figuresOf, timeAtMost } from '../runner/rows.ts';
import { syncTime } from '../sync-time.ts';

/** What one caller waits for a durable deposit. */
export const oneConnectionBenchmark: Benchmark = {
  part: 'one-connection',
  about: 'median time of a deposit over HTTP with one connection, against one sync of the same disk',
  requires: assertWrk,
  async run(scale) {
    const load = { script: deposits, accounts: scale.accounts, connections: 1 };
    const figures = await inRounds(
      scale,
      {
        sync: () => inDirectory(scale.directory, syncTime),
        deposit: async () => (await bankLoad(scale, load)).p50Ms,
      },
      ' ms',
    );
    const syncs = figuresOf(figures, 'sync');
    return [
      { what: 'one disk sync of 4 KiB', unit: 'ms', figures: syncs },
      timeAtMost(
        'durable deposit, one connection, median',
        'ms',
        figuresOf(figures, 'deposit'),
        median(syncs) + 1,
      ),
    ];
  },
};

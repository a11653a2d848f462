import { emmett } from '../append/emmett.ts';
import type { AppendOptions } from '../append/floor.ts';
import { kit } from '../append/kit.ts';
import { inDirectory } from '../in-directory.ts';
import type { Benchmark } from '../runner/benchmark.ts';
import { inRounds } from '../runner/rounds.ts';
import { figuresOf, rate, rateAgainst } from '../runner/rows.ts';

/** Appends of the kit beside those of another event sourcing library, equally durable. */
export const emmettBenchmark: Benchmark = {
  part: 'emmett',
  about: 'appends of the kit against @event-driven-io/emmett-sqlite, one by one and 64 at once',
  async run(scale) {
    const measured =
      (run: (options: AppendOptions) => Promise<number>, concurrency: number, appends: number) => () =>
        inDirectory(scale.directory, (directory) =>
          run({ directory, appends, concurrency, accounts: scale.accounts }),
        );
    const few = scale.events / 50;
    const figures = await inRounds(scale, {
      'emmett one by one': measured(emmett, 1, few),
      'kit one by one': measured(kit, 1, few),
      'emmett 64 at once': measured(emmett, 64, few),
      'kit 64 at once': measured(kit, 64, scale.events / 5),
    });
    const of = (name: string) => figuresOf(figures, name);
    const [single, many] = [of('emmett one by one'), of('emmett 64 at once')];
    const to = 'emmett-sqlite';
    return [
      rate('emmett-sqlite, one by one', single),
      rateAgainst('kit, one by one', of('kit one by one'), { to, base: single, least: 5 }),
      rate('emmett-sqlite, 64 at once', many),
      rateAgainst('kit, 64 commands at once', of('kit 64 at once'), { to, base: many, least: 30 }),
    ];
  },
};

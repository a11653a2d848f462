import { engine } from '../append/engine.ts';
import { type AppendOptions, floor } from '../append/floor.ts';
import { kit } from '../append/kit.ts';
import { inDirectory } from '../in-directory.ts';
import type { Benchmark } from '../runner/benchmark.ts';
import { inRounds } from '../runner/rounds.ts';
import { figuresOf, rate, rateAgainst } from '../runner/rows.ts';

/** Durable appends, many at once, against the least that any SQLite store can do. */
export const appendsBenchmark: Benchmark = {
  part: 'appends',
  about: 'appends of the kit and of its engine, 64 at once, against bare node:sqlite in groups of as many',
  async run(scale) {
    const size = { appends: scale.events / 5, concurrency: 64, accounts: scale.accounts };
    const measured =
      (run: (options: AppendOptions) => number | Promise<number>, accounts = scale.accounts) =>
      () =>
        inDirectory(scale.directory, (directory) => run({ ...size, directory, accounts }));
    const figures = await inRounds(scale, {
      floor: measured(floor),
      wide: measured((options) => floor({ ...options, wide: true })),
      engine: measured(engine),
      kit: measured(kit),
      'hot kit': measured(kit, 1),
    });
    const of = (name: string) => figuresOf(figures, name);
    const toFloor = { to: 'the floor', base: of('floor') };
    return [
      rate('the floor: bare node:sqlite, groups of 64', of('floor')),
      rateAgainst('the floor with a link and a claim in each row', of('wide'), toFloor),
      rateAgainst('engine alone, 64 appends at once', of('engine'), toFloor),
      rateAgainst('kit (repository), 64 commands at once', of('kit'), { ...toFloor, least: 0.7 }),
      rateAgainst('the same to one hot stream', of('hot kit'), {
        to: 'the kit',
        base: of('kit'),
        least: 0.8,
      }),
    ];
  },
};

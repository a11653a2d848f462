import { floor } from '../append/floor.ts';
import { bankLoad } from '../http/bank-load.ts';
import { assertWrk } from '../http/load.ts';
import { batches } from '../http/requests.ts';
import { inDirectory } from '../in-directory.ts';
import type { Benchmark, Row, Scale } from '../runner/benchmark.ts';
import { inRounds } from '../runner/rounds.ts';
import { type Figures, figuresOf, rate, rateAgainst, rateAtLeast } from '../runner/rows.ts';

/** Transactions of one request. */
const SIZE = 1_000;
/** So that the next batch is read while one is written; more would only wait for each other. */
const CONNECTIONS = 2;
/** Transactions a second. */
const LEAST = 60_000;

/** Many deposits in one request over HTTP, all or nothing and each for itself, against a bare file with as many in a commit. */
export const batchBenchmark: Benchmark = {
  part: 'batch',
  about:
    'batches of 1,000 deposits over HTTP, atomic and independent, against bare node:sqlite in groups of as many',
  requires: assertWrk,
  async run(scale) {
    return rows(await inRounds(scale, contenders(scale)));
  },
};

function contenders(scale: Scale) {
  const { accounts, directory } = scale;
  const appends = SIZE * Math.ceil(scale.events / SIZE);
  const bank =
    (mode: 'atomic' | 'independent', without: readonly string[] = []) =>
    async () => {
      const script = (ids: readonly string[]) => batches(mode, SIZE, ids);
      const load = { script, accounts, connections: CONNECTIONS, paysIn: SIZE, without };
      return SIZE * (await bankLoad(scale, load)).perSecond;
    };
  return {
    floor: () =>
      inDirectory(directory, (folder) => floor({ directory: folder, appends, concurrency: SIZE, accounts })),
    atomic: bank('atomic'),
    independent: bank('independent'),
    alone: bank('atomic', ['projections']),
  };
}

function rows(figures: Figures): readonly Row[] {
  const base = figuresOf(figures, 'floor');
  const toFloor = { to: 'the floor', base };
  const of = (mode: string): Row => {
    const what = `transactions in ${mode} batches of 1,000 over HTTP`;
    const { ratio } = rateAgainst(what, figuresOf(figures, mode), toFloor);
    return { ...rateAtLeast(what, figuresOf(figures, mode), LEAST), ...(ratio && { ratio }) };
  };
  return [
    rate('the floor: bare node:sqlite, groups of 1,000', base),
    of('atomic'),
    of('independent'),
    rateAgainst('atomic batches, projections stopped', figuresOf(figures, 'alone'), toFloor),
  ];
}

import { join } from 'node:path';
import { buildBank } from '../grown/build-bank.ts';
import { type GrownBank, type GrownFigures, measureBank } from '../grown/measure-bank.ts';
import { assertWrk } from '../http/load.ts';
import { inDirectory } from '../in-directory.ts';
import type { Benchmark, Row, Scale } from '../runner/benchmark.ts';
import { median } from '../runner/median.ts';
import { judged, rate, timeAtMost } from '../runner/rows.ts';

/** Events of an account, in both banks. */
const EVENTS_EACH = 100;
const SMALL = 100_000;
/** Of the large bank, unless the command line asks for more. */
const LARGE = 1_000_000;

/** The same load on a small bank and on a large one, and how long the large one takes to start. */
export const growthBenchmark: Benchmark = {
  part: 'growth',
  about: 'a bank of a million events, or of --events 10000000, beside one of a hundred thousand',
  onRequest: true,
  requires: assertWrk,
  async run(scale) {
    const large = Math.max(LARGE, scale.events);
    return growthRows(await grown(scale, SMALL), await grown(scale, large), large);
  },
};

function grown(scale: Scale, events: number): Promise<GrownFigures> {
  return inDirectory(scale.directory, async (folder) => {
    const directory = join(folder, 'data');
    return measureBank(await build(scale, directory, events), scale);
  });
}

async function build({ progress }: Scale, directory: string, events: number): Promise<GrownBank> {
  const what = `a bank of ${events.toLocaleString('en')} events`;
  progress.say(what);
  const built = await buildBank(directory, { events, accounts: events / EVENTS_EACH }, (made) => {
    if (made % (events / 10) === 0) progress.say(`${what}, ${(100 * made) / events} % made`);
  });
  progress.done('made');
  return built;
}

/** @param events of the large bank */
function growthRows(small: GrownFigures, large: GrownFigures, events: number): readonly Row[] {
  const size = `${(events / 1e6).toLocaleString('en')} million events`;
  return [
    rate('deposits, 100,000 events over 1,000 accounts', ratesOf(small)),
    atLeastShare(
      `deposits, ${size} over ${(events / EVENTS_EACH).toLocaleString('en')} accounts`,
      small,
      large,
    ),
    rate('first deposits after a start, each to an account of 100 events, 1,000 accounts', [small.cold]),
    rate(`the same, ${(events / EVENTS_EACH).toLocaleString('en')} accounts`, [large.cold]),
    time('p99 of a deposit, 100,000 events', p99Of(small)),
    timeAtMost(`p99 of a deposit, ${size}`, 'ms', p99Of(large), median(p99Of(small)) * MOST),
    time('an account, one query at a time, 100,000 events', [small.reads.account]),
    timeAtMost(`the same, ${size}`, 'ms', [large.reads.account], small.reads.account * MOST),
    time('fifty lines of a statement, one query at a time, 100,000 events', [small.reads.statement]),
    timeAtMost(`the same, ${size}`, 'ms', [large.reads.statement], small.reads.statement * MOST),
    time('ready to answer, 100,000 events', small.readyMs),
    timeAtMost(`ready to answer, ${size}`, 'ms', large.readyMs, 3_000),
    rate(`all read models made from ${size}`, [large.catchUp]),
    rate(`start that makes the index again, ${size}, a key each`, [large.indexing]),
    memory('resident memory after the loads, 100,000 events', small.memoryMB),
    memory(`resident memory after the loads, ${size}`, large.memoryMB),
    ...[...large.filesMB].map(([file, megabytes]) => memory(`${file}, ${size}`, megabytes)),
  ];
}

/** The large bank is to do as much as the small one, within this factor. */
const MOST = 1.3;

function atLeastShare(what: string, small: GrownFigures, large: GrownFigures): Row {
  const value = median(ratesOf(large)) / median(ratesOf(small));
  const goal = judged(`at least ${(1 / MOST).toFixed(2)}`, value * MOST);
  return { ...rate(what, ratesOf(large)), ratio: { value, to: 'small bank' }, goal };
}

function time(what: string, figures: readonly number[]): Row {
  return { what, unit: 'ms', figures };
}

function memory(what: string, megabytes: number): Row {
  return { what, unit: 'MB', figures: [megabytes] };
}

function ratesOf({ load }: GrownFigures): readonly number[] {
  return load.map(({ perSecond }) => perSecond);
}

function p99Of({ load }: GrownFigures): readonly number[] {
  return load.map(({ p99Ms }) => p99Ms);
}

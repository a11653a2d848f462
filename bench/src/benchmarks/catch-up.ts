import { join } from 'node:path';
import { accounts, projections, statementLines } from '@openbank/bank';
import { openSqliteReadModelStore } from '@openbank/engine-sqlite';
import {
  createProgress,
  type EventReader,
  type Projection,
  runProjections,
  waitUntil,
} from '@openbank/eventsourcing';
import { inDirectory } from '../in-directory.ts';
import { projectByHand } from '../projection-floor.ts';
import { recordedLog } from '../recorded-log.ts';
import type { Benchmark } from '../runner/benchmark.ts';
import { inRounds } from '../runner/rounds.ts';
import { figuresOf, rate, rateAtLeast } from '../runner/rows.ts';

/** What the goal is about. */
const TWO = [accounts, statementLines];

/** Read models brought up to a long log, from the embedded log into SQLite. */
export const catchUpBenchmark: Benchmark = {
  part: 'catch-up',
  about: 'read models brought up to a long log, and made anew beside the ones that serve',
  run(scale) {
    return inDirectory(scale.directory, async (folder) => {
      scale.progress.say(`a log of ${scale.events.toLocaleString('en')} events`);
      const log = await recordedLog(join(folder, 'log'), scale.events, scale.accounts);
      scale.progress.done('recorded');
      const measured = (work: (directory: string) => Promise<void>) => () =>
        inDirectory(folder, (directory) => timed(scale.events, () => work(directory)));
      const figures = await inRounds(scale, {
        reading: measured(() => readOnly(log)),
        'by hand': measured((directory) => projectByHand(log, directory)),
        two: measured((directory) => project(log, directory, TWO)),
        'two anew': () => inDirectory(folder, (directory) => rebuild(log, directory, scale.events)),
        all: measured((directory) => project(log, directory, projections)),
      });
      await log.close();
      const of = (name: string) => figuresOf(figures, name);
      return [
        rate('log read alone, the CRC of every row checked', of('reading')),
        rate('two read models by hand, on bare node:sqlite', of('by hand')),
        rateAtLeast('catch-up of accounts and statement lines', of('two'), 100_000),
        rateAtLeast('the same as new versions beside those that serve', of('two anew'), 100_000),
        rate(`catch-up of all ${projections.length} read models`, of('all')),
      ];
    });
  },
};

/** Events per second. */
async function timed(events: number, work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return (events / (performance.now() - begin)) * 1000;
}

/** A new version of each read model, where an older one has been filled before and serves. */
async function rebuild(reader: EventReader, directory: string, events: number): Promise<number> {
  await project(reader, directory, TWO);
  const changed = TWO.map((projection) => ({ ...projection, version: projection.version + 1 }));
  return timed(events, () => project(reader, directory, changed));
}

async function readOnly(reader: EventReader): Promise<void> {
  for await (const page of reader.readAll()) page.events.at(-1);
}

async function project(reader: EventReader, directory: string, models: readonly Projection[]): Promise<void> {
  const store = openSqliteReadModelStore({ directory });
  const progress = createProgress();
  const ending = new AbortController();
  const { signal } = ending;
  const running = runProjections({ reader, store, projections: models, signal, onNews: progress.tell });
  await waitUntil(progress, models, (await reader.head()) ?? '', 600_000);
  ending.abort();
  await running;
  await store.close();
}

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteEventStore } from '@openbank/engine-sqlite';
import { atOnce } from '../append/at-once.ts';
import { commitOf, createAccounts } from '../append/deposits.ts';
import { inDirectory } from '../in-directory.ts';
import type { Benchmark, Scale } from '../runner/benchmark.ts';
import { inRounds } from '../runner/rounds.ts';
import { figuresOf, rateAtLeast } from '../runner/rows.ts';

/** How long a start takes without its index, which is made again from the log. */
export const indexRebuildBenchmark: Benchmark = {
  part: 'index',
  about: 'a start that makes the index again from the log, each event with its idempotency key',
  run(scale) {
    return inDirectory(scale.directory, async (directory) => {
      await record(scale, directory);
      const figures = await inRounds(scale, { rebuild: () => rebuild(directory, scale.events) });
      return [rateAtLeast('index made again at the start', figuresOf(figures, 'rebuild'), 300_000)];
    });
  },
};

async function record({ events, accounts, progress }: Scale, directory: string): Promise<void> {
  progress.say(`a log of ${events.toLocaleString('en')} events with a key each`);
  const store = await openSqliteEventStore({ directory });
  const all = createAccounts(accounts);
  let recordedAt = Date.now() * 1000;
  await atOnce({ appends: events, concurrency: 256 }, async (at) => {
    const account = all[at % all.length];
    if (account !== undefined) await store.append(commitOf(account, recordedAt++));
  });
  await store.close();
  progress.done('recorded');
}

/** Events per second of a start without `index.db`. */
async function rebuild(directory: string, events: number): Promise<number> {
  for (const file of readdirSync(directory)) if (file.startsWith('index.db')) rmSync(join(directory, file));
  const begin = performance.now();
  const store = await openSqliteEventStore({ directory });
  const perSecond = (events / (performance.now() - begin)) * 1000;
  await store.close();
  return perSecond;
}

import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { openSqliteEventStore } from '@openbank/engine-sqlite';
import { commitOf, createAccounts } from './append/deposits.ts';
import { floor } from './append/floor.ts';
import { inDirectory } from './in-directory.ts';
import { inRounds, table } from './rounds.ts';

// Appends of the embedded engine, many at once, against the floor: what bare `node:sqlite` does with one append-only
// table, the same events, groups of the same size and the same sync. Runs alternate; the figure is a ratio of medians.
//
//   node src/append-floor.ts [--hot] [--appends 30000] [--concurrency 64] [--rounds 3] [--directory /somewhere]

const { values } = parseArgs({
  options: {
    hot: { type: 'boolean', default: false },
    appends: { type: 'string', default: '30000' },
    concurrency: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '3' },
    directory: { type: 'string', default: tmpdir() },
  },
});
const appends = Number(values.appends);
const concurrency = Number(values.concurrency);
const accounts = values.hot ? 1 : 1000;

async function engine(directory: string): Promise<number> {
  const store = await openSqliteEventStore({ directory });
  const all = createAccounts(accounts);
  let recordedAt = Date.now() * 1000;
  let started = 0;
  const begin = performance.now();
  const client = async () => {
    while (started < appends) {
      const account = all[started++ % all.length];
      if (account !== undefined) await store.append(commitOf(account, recordedAt++));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  const perSecond = (appends / (performance.now() - begin)) * 1000;
  await store.close();
  return perSecond;
}

const size = { appends, concurrency, accounts };
const figures = await inRounds(Number(values.rounds), {
  floor: () => inDirectory(values.directory, (directory) => floor({ directory, ...size })),
  'floor with link and claim': () =>
    inDirectory(values.directory, (directory) => floor({ directory, ...size, wide: true })),
  engine: () => inDirectory(values.directory, engine),
});
console.log(
  `Durable appends, ${concurrency} at once, ${values.hot ? 'one hot stream' : `${accounts} streams`}:\n`,
);
console.log(table(figures, 'floor'));

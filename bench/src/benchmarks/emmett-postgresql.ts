import { emmettPostgresql } from '../append/emmett-postgresql.ts';
import { kit } from '../append/kit.ts';
import { inDirectory } from '../in-directory.ts';
import { postgresBinaries } from '../postgres/binaries.ts';
import { createDatabases, serverVersion } from '../postgres/databases.ts';
import { withPostgres } from '../postgres/with-postgres.ts';
import type { Benchmark, Row, Scale } from '../runner/benchmark.ts';
import { inRounds } from '../runner/rounds.ts';
import { type Figures, figuresOf, rate, rateAgainst } from '../runner/rows.ts';

const AT_ONCE = 64;
/** So many streams at least that no two appends to one of them are under way at once: Emmett would refuse one. */
const STREAMS = 16 * AT_ONCE;

/** Appends of the kit on files beside those of another event sourcing library on PostgreSQL, equally durable. */
export const emmettPostgresqlBenchmark: Benchmark = {
  part: 'emmett-postgresql',
  about: 'appends of the kit against @event-driven-io/emmett-postgresql on a PostgreSQL of its own',
  onRequest: true,
  async requires() {
    postgresBinaries();
  },
  run: (scale) =>
    withPostgres(scale.directory, async (address) => {
      const figures = await inRounds(scale, contenders(scale, createDatabases(address)));
      return rows(figures, await serverVersion(address));
    }),
};

function contenders({ events, accounts, directory }: Scale, newDatabase: () => Promise<string>) {
  const streams = Math.max(accounts, STREAMS);
  const emmett = (concurrency: number, appends: number) => async () => {
    const connectionString = await newDatabase();
    return emmettPostgresql({ connectionString, appends, concurrency, accounts: streams });
  };
  const ours = (concurrency: number, appends: number) => () =>
    inDirectory(directory, (folder) => kit({ directory: folder, appends, concurrency, accounts: streams }));
  const few = Math.ceil(events / 50);
  return {
    'emmett one by one': emmett(1, few),
    'kit one by one': ours(1, few),
    'emmett 64 at once': emmett(AT_ONCE, 2 * few),
    'kit 64 at once': ours(AT_ONCE, events / 5),
  };
}

function rows(figures: Figures, version: string): readonly Row[] {
  const of = (name: string) => figuresOf(figures, name);
  const [single, many] = [of('emmett one by one'), of('emmett 64 at once')];
  const to = 'emmett-postgresql';
  return [
    rate(`emmett-postgresql on PostgreSQL ${version}, one by one`, single),
    rateAgainst('kit, one by one', of('kit one by one'), { to, base: single, least: 5 }),
    rate(`emmett-postgresql on PostgreSQL ${version}, 64 at once`, many),
    rateAgainst('kit, 64 commands at once', of('kit 64 at once'), { to, base: many, least: 30 }),
  ];
}

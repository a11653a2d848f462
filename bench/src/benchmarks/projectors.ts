import { connect, createKurrentEventStore } from '@openbank/engine-kurrentdb';
import type { Position } from '@openbank/eventsourcing';
import { catchUpTogether } from '../engines/catch-up-together.ts';
import { withDatabase } from '../engines/mongo-database.ts';
import { type StoreServer, startStoreServer } from '../engines/store-server.ts';
import { recordLog } from '../recorded-log.ts';
import type { Benchmark, Row, Scale } from '../runner/benchmark.ts';
import { inRounds } from '../runner/rounds.ts';
import { type Figures, figuresOf, rate, rateAgainst } from '../runner/rows.ts';

const PROCESSES = [1, 2, 4] as const;
/** Doubles keep all that they are given in memory. */
const MOST_EVENTS = 50_000;

/** Growth of what projectors do from one process to four, on KurrentDB and MongoDB. */
export const projectorsBenchmark: Benchmark = {
  part: 'projectors',
  about:
    'one, two and four projector processes bring all read models up to one log, on KurrentDB and MongoDB',
  onRequest: true,
  async run(scale) {
    const events = await startStoreServer('kurrentdb');
    const readModels = await startStoreServer('mongodb');
    try {
      return await measured(scale, events, readModels);
    } finally {
      await Promise.all([events.stop(), readModels.stop()]);
    }
  },
};

async function measured(scale: Scale, log: StoreServer, readModels: StoreServer): Promise<readonly Row[]> {
  const events = Math.min(scale.events, MOST_EVENTS);
  scale.progress.say(`a log of ${events.toLocaleString('en')} events`);
  const head = await record(log.connectionString, events, scale.accounts);
  scale.progress.done('recorded');
  const perCpuSecond = new Map<string, number[]>(PROCESSES.map((count) => [nameOf(count), []]));
  const contender = (count: number) => async () => {
    const done = await withDatabase(readModels.connectionString, (readStore) =>
      catchUpTogether({ eventStore: log.connectionString, readStore, events, head }, count),
    );
    perCpuSecond.get(nameOf(count))?.push(done.perCpuSecond);
    return done.perSecond;
  };
  const perSecond = await inRounds(
    scale,
    Object.fromEntries(PROCESSES.map((count) => [nameOf(count), contender(count)])),
  );
  const note = log.isLookAlike || readModels.isLookAlike ? NOTE : '';
  return [
    ...growth(perSecond, `events of a log${note}`),
    ...growth(perCpuSecond, `events for each second of the projectors' processor time${note}`),
  ];
}

const NOTE = ' (on look-alikes, which share the cores: growth only, no throughput)';

function nameOf(processes: number): string {
  return processes === 1 ? 'one process' : `${processes} processes`;
}

/** Records the log that all of them read. @returns its end */
async function record(connectionString: string, events: number, accounts: number): Promise<Position> {
  const connection = await connect(connectionString);
  const store = createKurrentEventStore(connection);
  try {
    if ((await store.head()) !== undefined)
      throw new Error(
        'There are events in this KurrentDB already, which would count as well: name an empty one.',
      );
    await recordLog(store, events, accounts);
    return (await store.head()) ?? '';
  } finally {
    await store.close();
    await connection.close();
  }
}

function growth(figures: Figures, what: string): readonly Row[] {
  const one = figuresOf(figures, nameOf(1));
  return PROCESSES.map((count) => {
    const named = `${nameOf(count)}: ${what}`;
    const those = figuresOf(figures, nameOf(count));
    return count === 1 ? rate(named, those) : rateAgainst(named, those, { to: nameOf(1), base: one });
  });
}

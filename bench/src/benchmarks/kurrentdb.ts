import { connect, createKurrentEventStore } from '@openbank/engine-kurrentdb';
import { CLIENT, type Comparison, compared } from '../engines/compared.ts';
import {
  type AppendLoad,
  appendContenders,
  CALL_EACH,
  callForEach,
  claimedAppends,
  type KurrentSides,
  plainAppends,
} from '../engines/kurrent-appends.ts';
import { assertSameStored } from '../engines/kurrent-commits.ts';
import { LOAD, READ_ALL, readContenders } from '../engines/kurrent-reads.ts';
import { spentInRounds } from '../engines/spent.ts';
import { startStoreServer } from '../engines/store-server.ts';
import type { Benchmark, Row, Scale } from '../runner/benchmark.ts';

/** The event store on KurrentDB against its client alone: the same appends and reads on the same server in the same run. */
export const kurrentdbBenchmark: Benchmark = {
  part: 'kurrentdb',
  about: 'appends and reads of the KurrentDB engine against its client alone, on one server or look-alike',
  onRequest: true,
  async run(scale) {
    const server = await startStoreServer('kurrentdb');
    const [ours, alone, each] = await Promise.all([
      connect(server.connectionString),
      connect(server.connectionString),
      connect(server.connectionString),
    ]);
    const store = createKurrentEventStore(ours);
    try {
      await assertSameStored(store, alone.client);
      const sides = { store, client: alone.client, each: callForEach(each.client) };
      return await measured(scale, sides, server.isLookAlike);
    } finally {
      await store.close();
      await Promise.all([ours.close(), alone.close(), each.close()]);
      await server.stop();
    }
  },
};

async function measured(scale: Scale, sides: KurrentSides, isLookAlike: boolean): Promise<readonly Row[]> {
  const appends = Math.ceil(scale.events / 100);
  const loads: readonly AppendLoad[] = [1, 64].map((concurrency) => ({ appends, concurrency }));
  // First, while there is nothing else in the log.
  const reading = await spentInRounds(scale, await readContenders(sides, Math.ceil(scale.events / 20)));
  const appending = await spentInRounds(
    scale,
    Object.assign({}, ...loads.map((load) => appendContenders(sides, load))),
  );
  const written = (comparison: Comparison) => compared(appending, comparison, isLookAlike);
  const read = (comparison: Comparison) => compared(reading, comparison, isLookAlike);
  return [
    ...loads.flatMap((load) => [
      ...written({ work: plainAppends(load), each: 'one', with: [CLIENT, CALL_EACH] }),
      ...written({ work: claimedAppends(load), each: 'one' }),
    ]),
    ...read({ work: READ_ALL, each: 'an event' }),
    ...read({ work: LOAD, each: 'an event' }),
  ];
}

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
  const reads = await readContenders(sides, Math.ceil(scale.events / 20));
  const spent = await spentInRounds(
    scale,
    Object.assign({}, ...loads.map((load) => appendContenders(sides, load)), reads),
  );
  const rows = (comparison: Comparison) => compared(spent, comparison, isLookAlike);
  return [
    ...loads.flatMap((load) => [
      ...rows({ work: plainAppends(load), each: 'one', with: [CLIENT, CALL_EACH] }),
      ...rows({ work: claimedAppends(load), each: 'one' }),
    ]),
    ...rows({ work: READ_ALL, each: 'an event' }),
    ...rows({ work: LOAD, each: 'an event' }),
  ];
}

import { setTimeout as sleep } from 'node:timers/promises';
import { projections } from '@openbank/bank';
import { connectMongo, openMongoReadModelStore } from '@openbank/engine-mongodb';
import { hasCode, leastOf, type Position, type ReadModelReader } from '@openbank/eventsourcing';
import { type ProjectorProcess, startProjector } from './projector-process.ts';

/** The log that is projected, and where its read models go: to a database that nobody has used. */
export interface CatchUp {
  readonly eventStore: string;
  readonly readStore: string;
  readonly events: number;
  readonly head: Position;
}

export interface CaughtUp {
  readonly perSecond: number;
  /** Events for each second of processor time of all projectors together. */
  readonly perCpuSecond: number;
}

/** Between two looks, milliseconds. */
const PAUSE_MS = 100;
/** Until the work is divided, and until it is done. */
const PATIENCE_MS = 300_000;

/** So many projector processes, which have divided the work among them, bring all read models up to the head. */
export async function catchUpTogether(
  { eventStore, readStore, events, head }: CatchUp,
  processes: number,
): Promise<CaughtUp> {
  const connection = await connectMongo({ connectionString: readStore });
  const models = await openMongoReadModelStore(connection);
  await Promise.all(projections.map((model) => models.prepare(model)));
  const shares = models.partitions + projections.filter(({ order }) => order === 'log').length;
  const projectors = Array.from({ length: processes }, () => startProjector(eventStore, readStore));
  try {
    await until(async () => isDivided(projectors, shares));
    const begin = performance.now();
    for (const projector of projectors) projector.begin();
    await until(async () => isDivided(projectors, shares) && (await isCaughtUp(models, head)));
    const seconds = (performance.now() - begin) / 1_000;
    const spent = await Promise.all(projectors.map((projector) => projector.spent()));
    const cpuSeconds = spent.reduce((sum, each) => sum + each, 0) / 1_000_000;
    return { perSecond: events / seconds, perCpuSecond: events / cpuSeconds };
  } finally {
    await Promise.all(projectors.map((projector) => projector.stop()));
    await connection.close();
  }
}

/** @throws Error - one of them has ended */
function isDivided(projectors: readonly ProjectorProcess[], shares: number): boolean {
  const held = projectors.map((projector) => projector.held());
  const part = Math.ceil(shares / projectors.length);
  return held.every((each) => each <= part) && held.reduce((sum, each) => sum + each, 0) === shares;
}

async function isCaughtUp(models: ReadModelReader, head: Position): Promise<boolean> {
  try {
    for (const model of projections)
      if ((leastOf(await models.checkpoints(model)) ?? '') < head) return false;
    return true;
  } catch (error) {
    // A server that is too busy to answer is asked again.
    if (hasCode(error, 'store-unavailable')) return false;
    throw error;
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('The projectors do not get there.');
    await sleep(PAUSE_MS);
  }
}

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Scale } from '../runner/benchmark.ts';
import { inRounds } from '../runner/rounds.ts';
import type { Figures } from '../runner/rows.ts';

/** What some operations took. */
export interface Spent {
  /** Microseconds of processor time of this process, all its threads, for each operation. */
  readonly cpu: number;
  readonly perSecond: number;
}

/** What work of so many operations takes, after as much of another's garbage as can be is gone. */
export async function spentOn(operations: number, work: () => Promise<void>): Promise<Spent> {
  collectGarbage();
  const before = process.cpuUsage();
  const begin = performance.now();
  await work();
  const milliseconds = performance.now() - begin;
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / operations, perSecond: (operations / milliseconds) * 1000 };
}

/** Runs all contenders in rounds, as `inRounds` does, and answers what each spent and how many a second that were. */
export async function spentInRounds(
  scale: Pick<Scale, 'rounds' | 'progress'>,
  contenders: Readonly<Record<string, () => Promise<Spent>>>,
): Promise<{ readonly cpu: Figures; readonly rates: Figures }> {
  const rates = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
  const timed = Object.entries(contenders).map(([name, run]) => {
    const measure = async (): Promise<number> => {
      const { cpu, perSecond } = await run();
      rates.get(name)?.push(perSecond);
      return cpu;
    };
    return [name, measure] as const;
  });
  return { cpu: await inRounds(scale, Object.fromEntries(timed), ' us of CPU each'), rates };
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
}

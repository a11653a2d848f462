import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Served, startBank } from '../http/bank-process.ts';
import { type Load, warmLoad } from '../http/load.ts';
import { assertMoney } from '../http/money.ts';
import { deposits } from '../http/requests.ts';
import type { Scale } from '../runner/benchmark.ts';

/** A bank of some size, at rest. */
export interface GrownBank {
  readonly directory: string;
  readonly accounts: readonly string[];
  /** In its log. */
  readonly events: number;
  /** Of them, deposits of 1.00. */
  readonly deposits: number;
}

/** What the real program does on it. */
export interface GrownFigures {
  /** Events per second, until all read models that had not been there are at the head. */
  readonly catchUp: number;
  /** From the start of the process to the first answer, read models and index in place. */
  readonly readyMs: readonly number[];
  readonly load: readonly Load[];
  /** Of the process after the loads. */
  readonly memoryMB: number;
  /** By the name of the file. */
  readonly filesMB: ReadonlyMap<string, number>;
  /** Events per second of a start that makes the index again. */
  readonly indexing: number;
}

const CONNECTIONS = 64;
const MB = 1_000_000;

/** Starts the program on a bank again and again; afterwards the money in its log is counted. */
export async function measureBank(
  { directory, accounts, events, deposits: made }: GrownBank,
  { rounds, seconds, progress }: Pick<Scale, 'rounds' | 'seconds' | 'progress'>,
): Promise<GrownFigures> {
  progress.say('read models from the first event on');
  const begin = performance.now();
  const first = await startBank(directory);
  await caughtUp(first);
  const catchUp = (events / (performance.now() - begin)) * 1000;
  await first.stop();
  progress.done(`${Math.round(catchUp)} events/s`);

  const readyMs: number[] = [];
  const load: Load[] = [];
  let memoryMB = 0;
  const script = deposits(accounts);
  for (let round = 1; round <= rounds; round++) {
    progress.say(`round ${round} of ${rounds}`);
    const started = performance.now();
    const bank = await startBank(directory);
    readyMs.push(performance.now() - started);
    load.push(await warmLoad({ address: bank.address, connections: CONNECTIONS, seconds, script }));
    memoryMB = memoryOf(directory);
    await bank.stop();
    progress.done(
      `ready in ${readyMs.at(-1)?.toFixed(0)} ms, ${load.at(-1)?.perSecond.toFixed(0)} deposits/s`,
    );
  }
  const filesMB = filesOf(directory);

  progress.say('index made again');
  for (const file of readdirSync(directory)) if (file.startsWith('index.db')) rmSync(join(directory, file));
  const without = performance.now();
  await (await startBank(directory)).stop();
  const answered = load.reduce((sum, each) => sum + each.answered, 0);
  const indexing = ((events + answered) / (performance.now() - without)) * 1000;
  progress.done(`${Math.round(indexing)} events/s`);
  await assertMoney(directory, {
    deposits: made + answered,
    unknown: 2 * rounds * CONNECTIONS,
  });
  return { catchUp, readyMs, load, memoryMB, filesMB, indexing };
}

/** Resolves when all read models answer, and are where the log was just now. */
async function caughtUp({ address }: Served): Promise<void> {
  for (;;) {
    const response = await fetch(`${address}/health/ready`);
    const { projections }: { projections: readonly { live: boolean; lag_ms: number }[] } = Object(
      await response.json(),
    );
    if (response.ok && projections.every(({ live, lag_ms }) => live && lag_ms === 0)) return;
    await sleep(250);
  }
}

/** Resident memory of the process that has the directory; 0 where the system does not say (it is not Linux). */
function memoryOf(directory: string): number {
  try {
    const pid = readFileSync(join(directory, 'lock.pid'), 'utf8').trim();
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return (Number(kilobytes ?? 0) * 1024) / MB;
  } catch {
    return 0;
  }
}

function filesOf(directory: string): ReadonlyMap<string, number> {
  const files = readdirSync(directory).filter((name) => name.endsWith('.db'));
  return new Map(files.map((name) => [name, statSync(join(directory, name)).size / MB]));
}

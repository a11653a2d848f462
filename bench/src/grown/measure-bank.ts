import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atOnce } from '../append/at-once.ts';
import { type Served, startBank } from '../http/bank-process.ts';
import { call } from '../http/call.ts';
import { type Load, warmLoad } from '../http/load.ts';
import { assertMoney } from '../http/money.ts';
import { deposits } from '../http/requests.ts';
import type { Scale } from '../runner/benchmark.ts';
import { type ReadTimes, readTimes } from './read-times.ts';

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
  readonly reads: ReadTimes;
  /** Deposits per second, one to each account, right after a start: each account has to be loaded first. */
  readonly cold: number;
  /** On accounts at random, once each of them has been loaded. */
  readonly load: readonly Load[];
  /** Of the process after the loads. */
  readonly memoryMB: number;
  /** By the name of the file. */
  readonly filesMB: ReadonlyMap<string, number>;
  /** Events per second of a start that makes the index again. */
  readonly indexing: number;
}

type Effort = Pick<Scale, 'rounds' | 'seconds' | 'progress'>;

const CONNECTIONS = 64;
const MB = 1_000_000;

/** Starts the program on a bank again and again; afterwards the money in its log is counted. */
export async function measureBank(bank: GrownBank, effort: Effort): Promise<GrownFigures> {
  const { directory, accounts, events, deposits: made } = bank;
  const { rounds, progress } = effort;
  progress.say('read models from the first event on');
  const catchUp = events / (await seconds(() => serving(directory, caughtUp)));
  progress.done(`${Math.round(catchUp)} events/s`);

  progress.say(`${rounds} starts`);
  const readyMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    await serving(directory, async () => void readyMs.push(performance.now() - begin));
  }
  progress.done(`ready in ${readyMs.map(Math.round).join(', ')} ms`);

  const loaded = await serving(directory, (served) => loads(served, bank, effort));
  const filesMB = filesOf(directory);
  const answered = accounts.length + loaded.load.reduce((sum, each) => sum + each.answered, 0);

  progress.say('index made again');
  for (const file of readdirSync(directory)) if (file.startsWith('index.db')) rmSync(join(directory, file));
  const indexing = (events + answered) / (await seconds(() => serving(directory, async () => {})));
  progress.done(`${Math.round(indexing)} events/s`);
  await assertMoney(directory, { deposits: made + answered, unknown: 2 * rounds * CONNECTIONS });
  return { catchUp, readyMs, ...loaded, filesMB, indexing };
}

/** Queries, a deposit to each account, and then deposits to accounts at random. */
async function loads({ address }: Served, { accounts, directory }: GrownBank, effort: Effort) {
  const { rounds, seconds: long, progress } = effort;
  progress.say('queries');
  const reads = await readTimes(address, accounts);
  progress.done(`account ${reads.account.toFixed(1)} ms, statement ${reads.statement.toFixed(1)} ms`);
  progress.say('one deposit to each account');
  const cold = await atOnce({ appends: accounts.length, concurrency: CONNECTIONS }, async (at) => {
    const deposit = { account_id: accounts[at], amount: '1.00', description: 'Salary' };
    await call(`${address}/api/v1/transactions/deposit`, deposit);
  });
  progress.done(`${Math.round(cold)}/s`);
  const load: Load[] = [];
  const script = deposits(accounts);
  for (let round = 1; round <= rounds; round++) {
    progress.say(`round ${round} of ${rounds}, deposits`);
    const measured = await warmLoad({ address, connections: CONNECTIONS, seconds: long, script });
    load.push(measured);
    progress.done(`${Math.round(measured.perSecond)}/s, p99 ${measured.p99Ms} ms`);
  }
  return { reads, cold, load, memoryMB: memoryOf(directory) };
}

/** The work with the program, started on a directory and ended afterwards. */
async function serving<Result>(
  directory: string,
  work: (served: Served) => Promise<Result>,
): Promise<Result> {
  const served = await startBank(directory);
  try {
    return await work(served);
  } finally {
    await served.stop();
  }
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
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

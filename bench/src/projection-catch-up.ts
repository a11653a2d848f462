/**
 * How many events a second the projections catch up with: accounts and statement lines together, from the embedded log
 * into SQLite; beside it what reading alone takes, and the least that does the same by hand. Three alternating runs.
 *
 *     node bench/src/projection-catch-up.ts [events] [accounts]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accounts } from '@openbank/bank';
import { openSqliteReadModelStore } from '@openbank/engine-sqlite';
import { createProgress, type EventReader, runProjections, waitUntil } from '@openbank/eventsourcing';
import { projectByHand } from './projection-floor.ts';
import { recordedLog } from './recorded-log.ts';
import { statementLines } from './statement-lines.ts';

const [eventCount = 200_000, accountCount = 1_000] = process.argv.slice(2).map(Number);
const directory = mkdtempSync(join(tmpdir(), 'openbank-bench-'));
const log = await recordedLog(join(directory, 'log'), eventCount, accountCount);
console.log(`${eventCount} events over ${accountCount} accounts`);
for (let run = 1; run <= 3; run++) {
  await measured('reading alone', () => readOnly(log), run);
  await measured('by hand', (folder) => projectByHand(log, folder), run);
  await measured('projections', (folder) => project(log, folder), run);
}
await log.close();
rmSync(directory, { recursive: true });

/** Wall time, and the processor time of this thread: the log's other threads are idle meanwhile. */
async function measured(name: string, work: (folder: string) => Promise<void>, run: number): Promise<void> {
  const folder = join(directory, `${name}-${run}`);
  mkdirSync(folder);
  const started = performance.now();
  const before = process.threadCpuUsage();
  await work(folder);
  const { user, system } = process.threadCpuUsage(before);
  const rate = (microseconds: number): number => Math.round(eventCount / (microseconds / 1e6));
  const wall = rate((performance.now() - started) * 1000);
  console.log(`${name.padEnd(14)} ${wall} events/s, ${rate(user + system)} for a second of processor time`);
}

async function readOnly(reader: EventReader): Promise<void> {
  for await (const page of reader.readAll()) page.events.at(-1);
}

async function project(reader: EventReader, folder: string): Promise<void> {
  const store = openSqliteReadModelStore({ directory: folder });
  const progress = createProgress();
  const ending = new AbortController();
  const projections = [accounts, statementLines];
  const running = runProjections({
    reader,
    store,
    projections,
    signal: ending.signal,
    onProgress: progress.moved,
    onStopped: (name, error) => progress.stopped(name, String(error)),
  });
  await waitUntil(progress, projections, (await reader.head()) ?? '', 600_000);
  ending.abort();
  await running;
  await store.close();
}

/**
 * How many events a second the projections fold and store when they catch up: accounts and statement lines together,
 * in SQLite. The log is generated, so that its own reading is left out.
 *
 *     node bench/src/projection-catch-up.ts [events] [accounts]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accounts } from '@openbank/bank';
import { openSqliteReadModelStore } from '@openbank/engine-sqlite';
import { createProgress, type EventReader, runProjections, waitUntil } from '@openbank/eventsourcing';
import { generatedLog } from './generated-log.ts';
import { statementLines } from './statement-lines.ts';

const [eventCount = 300_000, accountCount = 1_000] = process.argv.slice(2).map(Number);
const log = generatedLog(eventCount, accountCount);

for (let run = 1; run <= 3; run++) {
  const { seconds, megabytes } = await catchUp(log);
  const rate = Math.round(eventCount / seconds);
  console.log(`${eventCount} events over ${accountCount} accounts: ${rate} events/s, ${megabytes} MB`);
}

async function catchUp(reader: EventReader): Promise<{ seconds: number; megabytes: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'openbank-bench-'));
  const store = openSqliteReadModelStore({ directory });
  const progress = createProgress();
  const ending = new AbortController();
  const projections = [accounts, statementLines];
  const started = performance.now();
  const running = runProjections({
    reader,
    store,
    projections,
    signal: ending.signal,
    onProgress: progress.moved,
    onStopped: (name, error) => console.error(`${name} has stopped`, error),
  });
  await waitUntil(progress, projections, (await reader.head()) ?? '', 600_000);
  const seconds = (performance.now() - started) / 1000;
  ending.abort();
  await running;
  await store.close();
  const megabytes = Math.round(statSync(join(directory, 'read-models.db')).size / 1e6);
  rmSync(directory, { recursive: true });
  return { seconds, megabytes };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runKillLoop } from './kill-loop.ts';

/** `OPENBANK_KILLS=200 ./openbank test e2e kill-loop` takes longer and says what it found. */
const KILLS = Number(process.env.OPENBANK_KILLS ?? 5);

it(
  `loses nothing, doubles nothing and remembers every key through ${KILLS} kills under load`,
  async () => {
    const directory = join(mkdtempSync(join(tmpdir(), 'openbank-kill-')), 'bank');
    const report = await runKillLoop({ directory, kills: KILLS });
    process.stdout.write(`kill loop: ${JSON.stringify(report)}\n`);
    expect(report.ok).toBeGreaterThan(KILLS);
    expect(report.asked).toBe(report.ok + report.failed);
    // Kept where something was found: it is the evidence.
    rmSync(directory, { recursive: true });
  },
  120_000 + KILLS * 5_000,
);

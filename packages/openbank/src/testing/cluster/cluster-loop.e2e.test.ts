import { expect, it } from 'vitest';
import { runClusterLoop } from './cluster-loop.ts';

/** `OPENBANK_CHAOS_SECONDS=300 ./openbank test e2e cluster-loop` takes longer and says what it found. */
const SECONDS = Number(process.env.OPENBANK_CHAOS_SECONDS ?? 15);

it(
  `loses nothing, doubles nothing and keeps the order while processes of a cluster are killed, paused and stopped for ${SECONDS} s`,
  async () => {
    const report = await runClusterLoop({ apis: 2, projectors: 2, seconds: SECONDS });
    process.stdout.write(`cluster loop: ${JSON.stringify(report)}\n`);
    expect(report.ok).toBeGreaterThan(10);
    expect(report.asked).toBe(report.ok + report.failed);
    expect(report.kills + report.pauses + report.stops).toBeGreaterThan(0);
  },
  // Most of it for a machine that does much else: a calm one needs a minute beside the trouble.
  600_000 + SECONDS * 2_000,
);

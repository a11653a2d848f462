import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FileBank, openFileBank } from '../file-bank.ts';
import { type ProgramDirectory, programDirectory } from '../program-directory.ts';
import { runCli } from '../run-cli.ts';
import { againstModel } from './against-model.ts';
import type { Step } from './drawn-call.ts';
import { FAILED_SEEDS } from './failed-seeds.ts';
import { step } from './steps.ts';

/** A hundred thousand by `OPENBANK_STEPS=100000 ./openbank test int model`. */
const STEPS = Number(process.env.OPENBANK_STEPS ?? 2_000);

/** Milliseconds: what has failed is made shorter for so long, and then told with its seed and path. */
const PATIENCE = 60_000;

let directory: ProgramDirectory;
let bank: FileBank;
beforeAll(async () => {
  directory = programDirectory();
  bank = await openFileBank(directory);
});
afterAll(() => directory.remove());

it(`answers and shows what the model does after each of ${STEPS} steps, and verifies afterwards`, {
  timeout: 60_000 + STEPS * 50,
}, async () => {
  let taken = 0;
  let runs = 0;
  let failedAt = Number.POSITIVE_INFINITY;
  async function run(steps: readonly Step[]): Promise<void> {
    const beside = await againstModel(bank.app, `run-${runs++}`);
    for (const each of steps) await beside.take(each);
    await beside.compareAll();
    taken += steps.length;
  }
  const likeTheModel = fc.asyncProperty(
    fc.array(step, { minLength: 1, maxLength: 400, size: 'max' }),
    async (steps) => {
      if (performance.now() > failedAt + PATIENCE) return;
      try {
        await run(steps);
      } catch (error) {
        failedAt = Math.min(failedAt, performance.now());
        throw error;
      }
    },
  );
  for (const failed of FAILED_SEEDS) await fc.assert(likeTheModel, { ...failed, numRuns: 1 });
  while (taken < STEPS) await fc.assert(likeTheModel, { numRuns: 3 });
  await bank.close();
  const verified = await runCli(['verify', '--data', directory.data]);
  expect(verified.code, verified.err).toBe(0);
});

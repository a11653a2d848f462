import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Composition, compose } from '../../composition.ts';
import { readConfig } from '../../config.ts';
import { prepareDataDirectory } from '../../data-directory.ts';
import { runCli } from '../run-cli.ts';
import { againstModel, type Books } from './against-model.ts';
import { FAILED_SEEDS } from './failed-seeds.ts';
import { step } from './steps.ts';

/** A hundred thousand by `OPENBANK_STEPS=100000 ./openbank test int model`. */
const STEPS = Number(process.env.OPENBANK_STEPS ?? 2_000);

let directory: string;
let bank: Composition;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'openbank-model-'));
  prepareDataDirectory(directory);
  bank = await compose({
    config: readConfig({ data: directory }, {}),
    log: pino({ level: 'silent' }),
    onLocked() {},
    onUnlocking() {},
    onIndexProgress() {},
  });
});
afterAll(() => rmSync(directory, { recursive: true }));

it(`answers and shows what the model does after each of ${STEPS} steps, and verifies afterwards`, {
  timeout: 60_000 + STEPS * 50,
}, async () => {
  let taken = 0;
  let runs = 0;
  const books: Books = new Map();
  const likeTheModel = fc.asyncProperty(
    fc.array(step, { minLength: 1, maxLength: 400, size: 'max' }),
    async (steps) => {
      const beside = await againstModel(bank.app, `run-${runs++}`, books);
      for (const each of steps) await beside.take(each);
      taken += steps.length;
    },
  );
  for (const failed of FAILED_SEEDS) await fc.assert(likeTheModel, { ...failed, numRuns: 1 });
  while (taken < STEPS) await fc.assert(likeTheModel, { numRuns: 5 });
  await bank.app.close();
  await bank.close();
  const verified = await runCli(['verify', '--data', directory]);
  expect(verified.code, verified.err).toBe(0);
});

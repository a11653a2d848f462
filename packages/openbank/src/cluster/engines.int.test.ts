import { describe, vi } from 'vitest';
import { batchesSuite } from '../testing/bank-suite/batches.ts';
import { idempotencySuite } from '../testing/bank-suite/idempotency.ts';
import { listsSuite } from '../testing/bank-suite/lists.ts';
import { lookUpsSuite } from '../testing/bank-suite/look-ups.ts';
import { onceOnlySuite } from '../testing/bank-suite/once-only.ts';
import { pastSuite } from '../testing/bank-suite/past.ts';
import { seedWorkflowSuite } from '../testing/bank-suite/seed-workflow.ts';
import { statementsSuite } from '../testing/bank-suite/statements.ts';
import { openFileBank } from '../testing/file-bank.ts';
import { untilCaughtUp } from '../testing/filled-bank.ts';
import { programDirectory } from '../testing/program-directory.ts';
import { ON_A_BUSY_MACHINE, openOwnServerBank, startServerStores } from '../testing/server-bank.ts';
import type { TestBank } from '../testing/test-bank.ts';

vi.setConfig(ON_A_BUSY_MACHINE);

describe('events on KurrentDB, read models on MongoDB', () => {
  describe('the workflow', () => seedWorkflowSuite(openOwnServerBank));
  describe('keys', () => idempotencySuite(openOwnServerBank));
  describe('statements', () => statementsSuite(openOwnServerBank));
  describe('lists', () => listsSuite(openOwnServerBank));
  describe('what is done once', () => onceOnlySuite(openOwnServerBank));
  describe('batches', () => batchesSuite(openOwnServerBank));
  describe('the past', () => pastSuite(openOwnServerBank));
  describe('look-ups', () => lookUpsSuite(openOwnServerBank));
});

describe('all in files', () => {
  async function open(): Promise<TestBank> {
    const directory = programDirectory();
    const { app, close } = await openFileBank(directory);
    await untilCaughtUp(app);
    return {
      app,
      async close() {
        await close();
        directory.remove();
      },
    };
  }
  describe('what is done once', () => onceOnlySuite(open));
  describe('batches', () => batchesSuite(open));
  describe('the past', () => pastSuite(open));
  describe('look-ups', () => lookUpsSuite(open));
});

describe.each([
  ['events on KurrentDB, all else in files', 'OPENBANK_EVENT_STORE'],
  ['events in files, all else on MongoDB', 'OPENBANK_READ_STORE'],
] as const)('%s', (_, server) => {
  async function open(): Promise<TestBank> {
    const directory = programDirectory();
    const stores = await startServerStores();
    const { app, close } = await openFileBank(directory, { [server]: stores.environment[server] });
    await untilCaughtUp(app);
    return {
      app,
      async close() {
        await close();
        await stores.stop();
        directory.remove();
      },
    };
  }
  describe('the workflow', () => seedWorkflowSuite(open));
});

import { describe, vi } from 'vitest';
import { idempotencySuite } from '../testing/bank-suite/idempotency.ts';
import { listsSuite } from '../testing/bank-suite/lists.ts';
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

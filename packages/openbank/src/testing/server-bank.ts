import { randomBytes } from 'node:crypto';
import { type KurrentDouble, startKurrentDouble } from '@openbank/engine-kurrentdb/testing';
import { type MongoDouble, startMongoDouble } from '@openbank/engine-mongodb/testing';
import { pino } from 'pino';
import { composeBank, composeProjector } from '../composition.ts';
import { type Environment, readConfig } from '../config.ts';
import { untilCaughtUp } from './filled-bank.ts';
import { checkAnswers } from './openapi/check-app.ts';
import type { TestBank } from './test-bank.ts';

/** For `vi.setConfig`: to open several banks takes long on a machine that does much else. */
export const ON_A_BUSY_MACHINE = { hookTimeout: 120_000, testTimeout: 180_000 };

/** The test doubles of both servers, in this process, and how a bank is told of them. */
export interface ServerStores {
  readonly kurrent: KurrentDouble;
  readonly mongo: MongoDouble;
  /** With a master key that all processes of this bank have. */
  readonly environment: Environment;
  stop(): Promise<void>;
}

export async function startServerStores(): Promise<ServerStores> {
  const [kurrent, mongo] = await Promise.all([startKurrentDouble(), startMongoDouble()]);
  return {
    kurrent,
    mongo,
    environment: {
      OPENBANK_EVENT_STORE: kurrent.connectionString,
      OPENBANK_READ_STORE: mongo.connectionString,
      OPENBANK_MASTER_KEY: randomBytes(32).toString('hex'),
    },
    async stop() {
      await Promise.all([kurrent.stop(), mongo.stop()]);
    },
  };
}

export interface ServerBank extends TestBank {
  /** Lines that were logged. */
  readonly logged: readonly string[];
}

/** One part of a bank on servers, as its process composes it; it listens to nobody. */
export async function openServerBank(
  part: 'all' | 'api' | 'projector',
  environment: Environment,
): Promise<ServerBank> {
  const logged: string[] = [];
  const options = {
    config: readConfig({}, environment),
    log: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
    onLocked() {},
    onUnlocking() {},
    onIndexProgress() {},
  };
  const bank = await (part === 'projector'
    ? composeProjector(options)
    : composeBank({ ...options, projects: part === 'all' }));
  if (part !== 'projector') checkAnswers(bank.app);
  return {
    app: bank.app,
    logged,
    async close() {
      await bank.app.close();
      await bank.close();
    },
  };
}

/** The whole bank in one process, on servers of its own, ready. */
export async function openOwnServerBank(): Promise<TestBank> {
  const stores = await startServerStores();
  const { app, close } = await openServerBank('all', stores.environment);
  await untilCaughtUp(app);
  return {
    app,
    async close() {
      await close();
      await stores.stop();
    },
  };
}

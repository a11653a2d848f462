import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKurrentDouble } from '@openbank/engine-kurrentdb/testing';
import { startTestMongo } from '@openbank/engine-mongodb/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Environment } from '../config.ts';
import { callsTo } from '../testing/calls.ts';
import { openFileBank } from '../testing/file-bank.ts';
import { type AnsweredWrite, answeredAnew, fillBank, untilCaughtUp } from '../testing/filled-bank.ts';
import { type BankVerification, verifyBank } from '../verify/verify-bank.ts';
import { type BankAddress, filesIn, parseBankAddress } from './bank-address.ts';
import { copyBank } from './move-bank.ts';

/** A hundred thousand by `OPENBANK_MOVED_EVENTS=100000 ./openbank test int between-engines`. */
const EVENTS = Number(process.env.OPENBANK_MOVED_EVENTS ?? 300);
/** Milliseconds. */
const TIMEOUT = 180_000 + EVENTS * 60;

let root: string;
let source: string;
let writes: readonly AnsweredWrite[];
let servers: BankAddress;
let stopServers: () => Promise<unknown>;
let masterKey: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'openbank-engines-'));
  source = join(root, 'source');
  const [kurrent, mongo] = await Promise.all([startKurrentDouble(), startTestMongo()]);
  stopServers = () => Promise.all([kurrent.stop(), mongo.stop()]);
  servers = parseBankAddress(`${kurrent.connectionString},${mongo.connectionString}`);
  ({ writes } = await fillBank(source, EVENTS));
  masterKey = readFileSync(join(source, 'master.key'), 'utf8').trim();
}, TIMEOUT);
afterAll(async () => {
  await stopServers();
  rmSync(root, { recursive: true });
});

const verified = (address: BankAddress): Promise<BankVerification> =>
  verifyBank({ ...address, masterKey, personalData: true, onProgress() {} });

/** What must be the same on both sides. */
function figures({ models, ...verification }: BankVerification) {
  const { findings, events, commits, claims, claimsDigest, streams, digest, accounts, totals } = verification;
  return {
    ...{ findings, events, commits, claims, claimsDigest, streams, digest, accounts, totals },
    personalData: verification.personalData,
    models: models.map(({ name, documents, behind }) => ({ name, documents, behind })),
  };
}

/** Runs the bank until its read models are there; every repeated key gets its first answer. */
async function served(
  data: string,
  environment: Environment,
  use: Parameters<typeof withBank>[2] = async () => {},
): Promise<void> {
  await withBank(data, environment, async (app) => {
    await untilCaughtUp(app);
    expect(await answeredAnew(app, writes)).toEqual([]);
    await use(app);
    await untilCaughtUp(app);
  });
}

async function withBank(
  data: string,
  environment: Environment,
  use: (app: Awaited<ReturnType<typeof openFileBank>>['app']) => Promise<void>,
): Promise<void> {
  const { app, close } = await openFileBank({ data }, environment);
  try {
    await use(app);
  } finally {
    await close();
  }
}

it(
  'moves a bank from files to KurrentDB and MongoDB and back: all verify equal, and know repeated keys',
  async () => {
    const here = await verified(filesIn(source));
    expect(here.findings).toEqual([]);
    expect(here.events).toBeGreaterThanOrEqual(EVENTS);
    const copied = await copyBank(filesIn(source), servers, () => {});
    expect(copied).toMatchObject({ events: here.events, claims: here.claims, found: 0 });
    expect(await copyBank(filesIn(source), servers, () => {})).toEqual({ ...copied, found: here.events });

    const data = join(root, 'beside-servers');
    mkdirSync(data);
    await served(data, {
      OPENBANK_EVENT_STORE: servers.eventStore.text,
      OPENBANK_READ_STORE: servers.readStore.text,
      OPENBANK_MASTER_KEY: masterKey,
    });
    const there = await verified(servers);
    expect(figures(there)).toEqual(figures(here));

    const back = join(root, 'back');
    expect(await copyBank(servers, filesIn(back), () => {})).toEqual(copied);
    copyFileSync(join(source, 'master.key'), join(back, 'master.key'));
    await served(back, {});
    expect(figures(await verified(filesIn(back)))).toEqual(figures(here));
    await served(back, {}, async (app) => {
      const account = JSON.parse(writes.find(({ url }) => url === '/accounts')?.answer ?? '{}').id;
      expect((await callsTo(app).deposit(account, '1.00')).statusCode).toBe(200);
    });
    expect(await verified(filesIn(back))).toMatchObject({ findings: [], events: here.events + 1 });
  },
  TIMEOUT,
);

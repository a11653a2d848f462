import { setTimeout as sleep } from 'node:timers/promises';
import { startTcpProxy, type TcpProxy } from '@openbank/engine-kurrentdb/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { untilCaughtUp } from '../testing/filled-bank.ts';
import { patiently } from '../testing/patiently.ts';
import {
  ON_A_BUSY_MACHINE,
  openServerBank,
  type ServerBank,
  type ServerStores,
  startServerStores,
} from '../testing/server-bank.ts';

vi.setConfig(ON_A_BUSY_MACHINE);

/** One bank, whose stores are reached by wires that can fail, goes through all troubles. */
let stores: ServerStores;
let events: TcpProxy;
let readModels: TcpProxy;
let bank: ServerBank;
let calls: Calls;

beforeAll(async () => {
  stores = await startServerStores();
  events = await startTcpProxy(stores.kurrent.connectionString);
  readModels = await startTcpProxy(`mongodb://127.0.0.1:${stores.mongo.port}/openbank?directConnection=true`);
  bank = await openServerBank('all', {
    ...stores.environment,
    OPENBANK_EVENT_STORE: events.connectionString,
    OPENBANK_READ_STORE: readModels.connectionString,
  });
  calls = callsTo(bank.app);
});
afterAll(async () => {
  events.release();
  readModels.release();
  await bank.close();
  await Promise.all([events.stop(), readModels.stop()]);
  await stores.stop();
});

const ACCOUNTS = 5;
const WRITES = 60;

async function openAccounts(): Promise<readonly string[]> {
  const patient = callsTo(patiently(bank.app));
  const owner = await patient.registerAlice();
  const accounts = Array.from({ length: ACCOUNTS }, () => patient.openAccount(owner));
  return Promise.all(accounts);
}

/** Held longer than an append is waited for. */
const HELD = 2_500;

async function held(wire: TcpProxy): Promise<void> {
  wire.hold();
  await sleep(HELD);
  wire.release();
}

async function cutOften(wire: TcpProxy): Promise<void> {
  for (let times = 0; times < 5; times++) {
    await sleep(20 * times);
    wire.cut();
  }
}

const TROUBLES: Readonly<Record<string, () => unknown>> = {
  'cut after the commit and before the answer': () => stores.kurrent.faults.cutAfterCommit(3),
  'cut before the commit': () => stores.kurrent.faults.cutBeforeCommit(3),
  'a half-open wire to the events': () => held(events),
  'a wire to the events that is cut again and again': () => cutOften(events),
  'KurrentDB restarted twice': async () => {
    await stores.kurrent.restart();
    await sleep(100);
    await stores.kurrent.restart();
  },
  'a half-open wire to the read models': () => held(readModels),
  'a wire to the read models that is cut again and again': () => cutOften(readModels),
  'MongoDB restarted, and not the primary for a while': async () => {
    stores.mongo.inject({ fault: { kind: 'not-primary' }, commands: ['update', 'bulkWrite'], times: 4 });
    stores.mongo.inject({ fault: { kind: 'cut-after' }, commands: ['update', 'bulkWrite'], times: 4 });
    await stores.mongo.restart(300);
  },
};

it.each(Object.keys(TROUBLES))(
  '%s: each write is answered or said to be open, and its key counts once',
  async (name) => {
    const accounts = await openAccounts();
    await untilCaughtUp(bank.app);
    const deposit = (at: number) =>
      calls.deposit(accounts[at % ACCOUNTS] ?? '', '1.00', { 'Idempotency-Key': `${accounts[0]}-${at}` });
    const trouble = TROUBLES[name]?.();
    const first = await Promise.all(Array.from({ length: WRITES }, (_, at) => deposit(at)));
    await trouble;
    for (const { statusCode, body, headers } of first) {
      if (statusCode === 200) continue;
      expect(statusCode, body).toBe(503);
      expect(JSON.parse(body).code).toMatch(/^(store-unavailable|outcome-unknown|overloaded)$/);
      expect(headers['retry-after']).toBeDefined();
    }
    await Promise.all(
      first.map(async ({ statusCode, body }, at) => {
        await expect
          .poll(async () => (await deposit(at)).statusCode, { timeout: 20_000, interval: 100 })
          .toBe(200);
        if (statusCode === 200) expect((await deposit(at)).body).toBe(body);
      }),
    );
    await untilCaughtUp(bank.app);
    // It was trouble of the wire: nothing in the stores is taken for damaged.
    expect(bank.logged.join('')).not.toContain('store-damaged');
    for (const account of accounts) {
      const { balance } = (await calls.get(`/accounts/${account}`)).json();
      expect(balance).toBe(`${WRITES / ACCOUNTS}.00`);
      const { data } = (await calls.get(`/accounts/${account}/transactions?limit=200`)).json();
      expect(data).toHaveLength(WRITES / ACCOUNTS);
    }
  },
);

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { untilCaughtUp } from '../testing/filled-bank.ts';
import { startProgram } from '../testing/kill-loop/server-process.ts';
import { patiently } from '../testing/patiently.ts';
import {
  ON_A_BUSY_MACHINE,
  openServerBank,
  type ServerBank,
  type ServerStores,
  startServerStores,
} from '../testing/server-bank.ts';

vi.setConfig(ON_A_BUSY_MACHINE);

let stores: ServerStores;
let banks: ServerBank[];
let calls: Calls;
let accounts: readonly string[];

const open = async (part: 'api' | 'projector') => {
  const bank = await openServerBank(part, stores.environment);
  banks.push(bank);
  return bank;
};

beforeEach(async () => {
  stores = await startServerStores();
  banks = [];
});
afterEach(async () => {
  await Promise.all(banks.map((bank) => bank.close()));
  await stores.stop();
});

const ACCOUNTS = 12;

async function openAccounts(): Promise<void> {
  const api = await open('api');
  calls = callsTo(patiently(api.app));
  const owner = await calls.registerAlice();
  accounts = await Promise.all(Array.from({ length: ACCOUNTS }, () => calls.openAccount(owner)));
  await untilCaughtUp(api.app);
}

/** A unit more on each account, and how long it takes until all read models show that, all of their partitions, milliseconds. */
async function depositUntilShown(): Promise<number> {
  const answers = await Promise.all(accounts.map((account) => calls.deposit(account, '1.00')));
  for (const { statusCode, body } of answers) expect(statusCode, body).toBe(200);
  const position = answers
    .map(({ headers }) => String(headers['openbank-position']))
    .sort()
    .at(-1);
  const started = performance.now();
  for (const url of ['/accounts?limit=1&', '/persons?limit=1&', '/trial-balance?']) {
    await expect
      .poll(async () => (await calls.get(`${url}min_position=${position}`)).statusCode, { timeout: 40_000 })
      .toBe(200);
  }
  return performance.now() - started;
}

/** Each account has so many units, one for each line of its statement. */
async function expectUnits(units: number): Promise<void> {
  for (const account of accounts) {
    expect((await calls.get(`/accounts/${account}`)).json().balance).toBe(`${units}.00`);
    const { data } = (await calls.get(`/accounts/${account}/transactions`)).json();
    expect(data.map(({ balance }: { balance: string }) => Number(balance))).toEqual(
      Array.from({ length: units }, (_, at) => units - at),
    );
  }
}

/** Milliseconds in which the work of a projector that was killed is taken over: a promise. */
const TAKEN_OVER = 10_000;

/** The shares of the work that a projector has now, as it has logged it. */
function sharesOf({ logged }: ServerBank): ReadonlySet<string> {
  const shares = new Set<string>();
  for (const line of logged) {
    const { share, news } = JSON.parse(line);
    if (news === 'taken') shares.add(share);
    else if (news !== undefined) shares.delete(share);
  }
  return shares;
}

it('the work of a projector that ends is taken over at once, with nothing lost or doubled', async () => {
  const leaving = await open('projector');
  await openAccounts();
  const all = sharesOf(leaving);
  const other = await open('projector');
  // They share the work evenly.
  await expect.poll(() => sharesOf(other).size, { timeout: 40_000 }).toBeGreaterThanOrEqual(all.size / 2 - 1);
  await depositUntilShown();
  await leaving.close();
  banks.splice(banks.indexOf(leaving), 1);
  const left = performance.now();
  await expect.poll(() => sharesOf(other), { timeout: 20_000 }).toEqual(all);
  // Had it not given them back, its leases would have lasted longer.
  expect(performance.now() - left).toBeLessThan(4_000);
  await depositUntilShown();
  await expectUnits(2);
});

it('a projector that stands still, and then one that is killed, loses its work, and spoils nothing', async () => {
  const paused = await startProgram(['serve', 'projector'], stores.environment);
  try {
    await openAccounts();
    const other = await open('projector');
    await expect.poll(() => sharesOf(other).size, { timeout: 40_000 }).toBeGreaterThan(0);
    await depositUntilShown();

    paused.pause();
    expect(await depositUntilShown()).toBeLessThan(TAKEN_OVER);
    paused.goOn();
    await depositUntilShown();
    // It comes back, and gets its part of the work again.
    await sleep(2_000);
    await depositUntilShown();

    await paused.kill();
    expect(await depositUntilShown()).toBeLessThan(TAKEN_OVER);
    await expectUnits(5);
  } finally {
    await paused.kill();
  }
});

import { setTimeout as sleep } from 'node:timers/promises';
import type { LightMyRequestResponse } from 'fastify';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
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

let stores: ServerStores;
let api: ServerBank;
let projector: ServerBank;
let calls: Calls;
let account: string;

beforeEach(async () => {
  stores = await startServerStores();
  projector = await openServerBank('projector', stores.environment);
  api = await openServerBank('api', stores.environment);
  calls = callsTo(api.app);
  const patient = callsTo(patiently(api.app));
  account = await patient.openAccount(await patient.registerAlice());
  await patient.deposit(account, '1.00');
  await untilCaughtUp(api.app);
});
afterEach(async () => {
  await Promise.all([api.close(), projector.close()]);
  await stores.stop();
});

/** Milliseconds in which a caller is told: some more than the program waits for its stores, as the machine may be busy. */
const PROMPTLY = 6_000;

const ready = async ({ app }: ServerBank) => (await app.inject('/health/ready')).statusCode;
const shown = () => calls.get(`/accounts/${account}`);

/** Deposits of a unit each, all at once, and how long the last answer took. */
async function depositAtOnce(count: number, keys: string) {
  const started = performance.now();
  const answers = await Promise.all(
    Array.from({ length: count }, (_, at) =>
      calls.deposit(account, '1.00', { 'Idempotency-Key': `${keys}-${at}` }),
    ),
  );
  return { answers, took: performance.now() - started };
}

function expectAway({ statusCode, headers, body }: LightMyRequestResponse): void {
  expect(statusCode, body).toBe(503);
  expect(JSON.parse(body).code).toMatch(/^(store-unavailable|outcome-unknown|overloaded|read-model-behind)$/);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
}

/** Sends each deposit again until it is answered: every key counts once. */
async function settle(count: number, keys: string): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const again = () => calls.deposit(account, '1.00', { 'Idempotency-Key': `${keys}-${at}` });
      await expect.poll(async () => (await again()).statusCode, { timeout: 20_000, interval: 100 }).toBe(200);
    }),
  );
}

async function expectBalance(units: number): Promise<void> {
  await expect.poll(async () => (await shown()).json().balance, { timeout: 20_000 }).toBe(`${units}.00`);
  await untilCaughtUp(api.app);
  expect(await ready(projector)).toBe(200);
}

it('KurrentDB away: writes are told at once, however many, queries go on, and all resumes by itself', async () => {
  const underWay = depositAtOnce(60, 'a');
  await stores.kurrent.goDown();
  for (const { answers, took } of [await underWay, await depositAtOnce(100, 'b')]) {
    expect(took).toBeLessThan(PROMPTLY);
    for (const answer of answers) if (answer.statusCode !== 200) expectAway(answer);
  }
  const { answers, took } = await depositAtOnce(2_500, 'c');
  expect(took).toBeLessThan(PROMPTLY);
  for (const answer of answers) expectAway(answer);
  expect((await shown()).statusCode).toBe(200);
  expectAway(await calls.post('/persons', PERSON));
  expect([await ready(api), await ready(projector)]).toEqual([503, 503]);
  expect((await api.app.inject('/health/ready')).json()).toMatchObject({ store: 'unreachable' });

  await stores.kurrent.comeBack();
  await settle(60, 'a');
  await settle(1, 'b');
  await expectBalance(62);
});

it('MongoDB away: queries are told at once, writes of who is known go on, and all resumes by itself', async () => {
  await stores.mongo.refuse();
  const started = performance.now();
  const queries = await Promise.all([shown(), calls.get('/persons'), calls.get('/trial-balance')]);
  expect(performance.now() - started).toBeLessThan(PROMPTLY);
  for (const answer of queries) expectAway(answer);
  const { answers } = await depositAtOnce(20, 'a');
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(200));
  await expect.poll(() => ready(api), { timeout: 10_000 }).toBe(503);
  await expect.poll(() => ready(projector), { timeout: 10_000 }).toBe(503);
  const position = answers[0]?.headers['openbank-position'];
  expectAway(await calls.get(`/accounts/${account}?min_position=${position}`));
  expectAway(await calls.post('/persons', PERSON));

  await stores.mongo.accept();
  await expectBalance(21);
  expect((await calls.post('/persons', PERSON)).statusCode).toBe(201);
});

it('stores that are slow: callers are told promptly, nothing counts twice', async () => {
  stores.kurrent.faults.delayAnswers(8_000);
  stores.mongo.inject({ fault: { kind: 'delay', milliseconds: 20_000 }, commands: ['find'], times: 1_000 });
  const started = performance.now();
  const [slow, query] = await Promise.all([depositAtOnce(50, 'a'), shown()]);
  expect(performance.now() - started).toBeLessThan(1.5 * PROMPTLY);
  for (const answer of slow.answers) expectAway(answer);
  expectAway(query);
  stores.mongo.clearFaults();
  stores.kurrent.faults.clear();
  await sleep(100);
  await settle(50, 'a');
  await expectBalance(51);
});

const PERSON = {
  first_name: 'Bob',
  last_name: 'Jones',
  date_of_birth: '1980-01-02',
  nationality: 'GB',
  gender: 'MALE',
};

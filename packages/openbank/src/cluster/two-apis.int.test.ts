import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { untilCaughtUp } from '../testing/filled-bank.ts';
import {
  ON_A_BUSY_MACHINE,
  openServerBank,
  type ServerBank,
  type ServerStores,
  startServerStores,
} from '../testing/server-bank.ts';

vi.setConfig(ON_A_BUSY_MACHINE);

/** Two APIs and a projector, each as its process composes it. */
let stores: ServerStores;
let banks: readonly ServerBank[];
let a: Calls;
let b: Calls;

beforeAll(async () => {
  stores = await startServerStores();
  const { environment } = stores;
  const projector = await openServerBank('projector', environment);
  const apis = [await openServerBank('api', environment), await openServerBank('api', environment)] as const;
  banks = [...apis, projector];
  for (const { app } of banks) await untilCaughtUp(app);
  a = callsTo(apis[0].app);
  b = callsTo(apis[1].app);
});
afterAll(async () => {
  await Promise.all(banks.map((bank) => bank.close()));
  await stores.stop();
});

const withdraw = (api: Calls, account: string, amount: string, headers = {}) =>
  api.post(`/accounts/${account}/withdrawal`, { amount }, headers);

const balance = async (api: Calls, account: string, position: unknown): Promise<string> => {
  const shown = await api.get(`/accounts/${account}?min_position=${position}`);
  return shown.json().balance;
};

it('what was written at one API is shown at the other one at its position', async () => {
  const account = await a.openAccount(await a.registerAlice());
  for (const [at, writer] of [a, b, a, b].entries()) {
    const { headers } = await writer.deposit(account, '1.00');
    const reader = writer === a ? b : a;
    expect(await balance(reader, account, headers['openbank-position'])).toBe(`${at + 1}.00`);
  }
});

it('a refusal is decided on what the leader has, not on what the API remembers', async () => {
  const account = await a.openAccount(await a.registerAlice());
  expect((await withdraw(b, account, '1.00')).json()).toMatchObject({ code: 'insufficient-funds' });
  await a.deposit(account, '5.00');
  expect((await withdraw(b, account, '5.00')).json()).toMatchObject({ balance: '0.00' });
  const refused = await withdraw(a, account, '0.01');
  expect(refused.json()).toMatchObject({ status: 422, code: 'insufficient-funds' });
});

it('money is spent once, whatever two APIs remember of it', async () => {
  const account = await a.openAccount(await a.registerAlice());
  await a.deposit(account, '10.00');
  await b.deposit(account, '10.00');
  const tries = Array.from({ length: 60 }, (_, at) => withdraw(at % 2 === 0 ? a : b, account, '1.00'));
  const answers = (await Promise.all(tries)).map((answer) => answer.json());
  const paid = answers.filter(({ balance: left }) => left !== undefined);
  expect(new Set(paid.map(({ balance: left }) => left)).size).toBe(20);
  const refused = answers.filter(({ code }) => code === 'insufficient-funds');
  expect(paid.length + refused.length).toBe(60);
});

it('equal keys that race at both have one effect and one answer', async () => {
  const account = await a.openAccount(await a.registerAlice());
  for (let round = 1; round <= 5; round++) {
    const key = { 'Idempotency-Key': `raced-${account}-${round}` };
    const racing = Array.from({ length: 8 }, (_, at) => (at % 2 === 0 ? a : b).deposit(account, '1.00', key));
    const answers = await Promise.all(racing);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(answers[0]?.json().balance).toBe(`${round}.00`);
  }
});

it('a key that was used at one is remembered at the other, also where its request is refused by now', async () => {
  const account = await a.openAccount(await a.registerAlice());
  await a.deposit(account, '5.00');
  const key = { 'Idempotency-Key': `all-${account}` };
  const first = await withdraw(a, account, '5.00', key);
  const again = await withdraw(b, account, '5.00', key);
  expect(again.body).toBe(first.body);
  expect(again.headers['idempotency-replayed']).toBe('true');
  expect((await withdraw(b, account, '4.00', key)).json()).toMatchObject({ code: 'idempotency-key-reused' });
});

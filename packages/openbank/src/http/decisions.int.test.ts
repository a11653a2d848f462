import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

let bank: MemoryBank;
let calls: Calls;
let account: string;
let other: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
  account = await calls.openAccount(await calls.registerAlice(), { overdraft_limit: '1.00' });
  other = await calls.openAccount(await calls.registerAlice());
  await calls.deposit(account, '100.00');
  await calls.get(`/accounts/${account}`);
  await bank.pauseProjections();
});
afterAll(() => bank.close());

const withdraw = (id: string, amount: string) => calls.post(`/accounts/${id}/withdrawal`, { amount });
const shown = async () => (await calls.get(`/accounts/${account}`)).json().balance;

it('decides on what has happened, whatever the read models still show', async () => {
  const before = await shown();
  expect((await withdraw(account, '70.00')).json()).toMatchObject({ balance: '30.00' });
  expect((await withdraw(account, '70.00')).json()).toMatchObject({
    status: 422,
    code: 'insufficient-funds',
  });
  const transfer = { from_account_id: account, to_account_id: other, amount: '31.00' };
  expect((await calls.post('/transactions/transfer', transfer)).json()).toMatchObject({ balance: '-1.00' });
  expect((await calls.post('/transactions/transfer', transfer)).json()).toMatchObject({ status: 422 });
  expect((await withdraw(other, '31.00')).json()).toMatchObject({ balance: '0.00' });
  expect(await shown()).toBe(before);
});

it('opens an account for a person whom no read model shows, and pays in', async () => {
  const owner = await calls.registerAlice();
  const opened = await calls.openAccount(owner);
  expect((await calls.deposit(opened, '1.00')).json()).toMatchObject({ balance: '1.00' });
  expect((await calls.get(`/accounts/${opened}`)).json()).toMatchObject({ status: 503 });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

let bank: MemoryBank;
let calls: Calls;
beforeAll(async () => {
  bank = await openMemoryBank({ places: 5, patience: 200 });
  calls = callsTo(bank.app);
});
afterAll(() => bank.close());

it('refuses at once what is too much, says when to come back, and serves the rest', async () => {
  const person = await calls.registerAlice();
  await bank.pauseProjections();
  const position = String((await calls.post('/accounts', { owner_id: person })).headers['openbank-position']);
  const waiting = Array.from({ length: 5 }, () => calls.get(`/persons/${person}?min_position=${position}`));
  const refused = await calls.deposit(person, 1);
  expect(refused.json()).toMatchObject({ status: 503, code: 'overloaded' });
  expect(refused.headers['retry-after']).toBe('1');
  expect((await bank.app.inject('/health/live')).statusCode).toBe(200);
  for (const { statusCode } of await Promise.all(waiting)) expect(statusCode).toBe(503);
  expect((await calls.get(`/persons/${'0'.repeat(32)}`)).statusCode).toBe(404);
});

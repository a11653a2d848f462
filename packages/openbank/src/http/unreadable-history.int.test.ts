import type { EventStore } from '@openbank/eventsourcing';
import { appendTo, commitOf, newEvent } from '@openbank/eventsourcing/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

let bank: MemoryBank;
let calls: Calls;
let account: string;
let other: string;
beforeAll(async () => {
  let log: EventStore | undefined;
  const remember = (store: EventStore) => {
    log = store;
    return store;
  };
  bank = await openMemoryBank({ wrap: remember });
  calls = callsTo(bank.app);
  other = await calls.openAccount(await calls.registerAlice());
  account = await calls.openAccount(await calls.registerAlice());
  const fromTheFuture = newEvent({ type: 'BankAccountPaintedDomainEventV1' });
  await log?.append(commitOf(appendTo(`bank-account-${account}`, 0, [fromTheFuture])));
});
afterAll(() => bank.close());

it('is never answered as a miss, but with an error of the server', async () => {
  const late = await calls.openAccount(await calls.registerAlice());
  const position = String((await calls.deposit(other, '1.00')).headers['openbank-position']);
  for (const url of [
    `/accounts/${late}`,
    `/accounts/${late}/transactions`,
    `/accounts/${account}?min_position=${position}`,
    `/accounts?min_position=${position}`,
    `/trial-balance?min_position=${position}`,
  ])
    expect((await calls.get(url)).json(), url).toMatchObject({
      status: 503,
      code: 'read-model-behind',
      detail: expect.stringContaining('has stopped'),
    });
});

it('takes no money in or out, and lets others go on', async () => {
  const refused = await calls.deposit(account, '1.00');
  expect(refused.headers['retry-after']).toBe('30');
  expect(refused.json()).toMatchObject({
    status: 503,
    code: 'store-unavailable',
    detail: expect.stringContaining('An operator must look'),
  });
  expect(refused.body).not.toContain('BankAccountPainted');
  expect((await calls.deposit(other, '1.00')).statusCode).toBe(200);
});

it('is said by health, with the event that cannot be read', async () => {
  const ready = await bank.app.inject('/health/ready');
  expect(ready.statusCode).toBe(503);
  expect(ready.json().status).toBe('not-ready');
  expect(ready.body).toContain(`bank-account-${account}@1`);
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

let bank: MemoryBank;
let calls: Calls;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
});
afterAll(() => bank.close());

it('counts answers by route and status, messages by outcome, and shows what waits and what is behind', async () => {
  const account = await calls.openAccount(await calls.registerAlice());
  const key = { 'Idempotency-Key': 'k' };
  await calls.deposit(account, 1, key);
  await calls.deposit(account, 1, key);
  await calls.deposit('0'.repeat(32), 1);
  await calls.deposit(account, -1);
  await calls.get(`/accounts/${account}`);
  const answer = await bank.app.inject('/metrics');
  expect(answer.headers['content-type']).toContain('text/plain');
  const lines = answer.body.split('\n');
  const route = 'method="POST",route="/api/v1/transactions/deposit"';
  expect(lines).toContain(`openbank_http_request_duration_seconds_count{${route},status="200"} 2`);
  expect(lines).toContain(`openbank_http_request_duration_seconds_count{${route},status="404"} 1`);
  expect(lines).toContain(`openbank_http_request_duration_seconds_count{${route},status="400"} 1`);
  expect(lines).toContain('openbank_messages_total{message="CreateDeposit",outcome="ok"} 2');
  expect(lines).toContain('openbank_messages_total{message="CreateDeposit",outcome="account-not-found"} 1');
  expect(lines).toContain('openbank_commands_waiting 0');
  expect(lines).toContain('openbank_projection_stopped{projection="accounts",version="2"} 0');
  expect(answer.body).toContain('openbank_projection_lag_seconds{projection="persons",version="1"}');
  expect(answer.body).toContain('nodejs_eventloop_lag_seconds');
  expect(answer.body).not.toContain(account);
});

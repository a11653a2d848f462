import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

let bank: MemoryBank;
let calls: Calls;
let account: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
  account = await calls.openAccount(await calls.registerAlice());
});
afterAll(() => bank.close());

async function etag(position: string): Promise<string> {
  return String((await calls.get(`/accounts/${account}?min_position=${position}`)).headers.etag);
}

it('records only on what the caller has seen', async () => {
  const first = await calls.deposit(account, 1);
  const seen = await etag(String(first.headers['openbank-position']));
  const accepted = await calls.deposit(account, 1, { 'If-Match': seen });
  expect(accepted.json()).toMatchObject({ balance: '2.00' });
  const refused = await calls.deposit(account, 1, { 'If-Match': seen });
  expect(refused.json()).toMatchObject({ status: 412, code: 'precondition-failed' });
  expect((await calls.deposit(account, 1)).json()).toMatchObject({ balance: '3.00' });
});

it('gives the first answer again, whatever has happened since', async () => {
  const seen = await etag(String((await calls.deposit(account, 1)).headers['openbank-position']));
  const headers = { 'If-Match': seen, 'Idempotency-Key': 'once' };
  const first = await calls.deposit(account, 1, headers);
  const again = await calls.deposit(account, 1, headers);
  expect(again.statusCode).toBe(200);
  expect(again.body).toBe(first.body);
});

it.each(['*', '3', 'W/"3"', '"3", "4"', '""', '"x"', '"00"', '"01"'])(
  'refuses If-Match: %s and names it',
  async (value) => {
    const answer = await calls.deposit(account, 1, { 'If-Match': value });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors).toMatchObject([{ field: 'If-Match' }]);
  },
);

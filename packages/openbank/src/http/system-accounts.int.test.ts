import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

let bank: MemoryBank;
let calls: Calls;
let account: string;
let before: Books;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
});
/** It has 5.00. */
beforeEach(async () => {
  account = await calls.openAccount(await calls.registerAlice());
  const { headers } = await calls.deposit(account, '5.00');
  before = await books(headers);
});
afterAll(() => bank.close());

type Books = ReadonlyMap<string, number>;

/** In cents, by the names of the system accounts. */
async function books(headers: Record<string, unknown>): Promise<Books> {
  const answer = await calls.get(`/trial-balance?min_position=${headers['openbank-position']}`);
  const [{ accounts, total }] = answer.json().currencies;
  expect(total).toBe('0.00');
  return new Map(
    accounts.map((each: { account: string; balance: string }) => [
      each.account,
      Math.round(Number(each.balance) * 100),
    ]),
  );
}

/** What a call has added, in cents. */
async function addedBy({ headers }: { readonly headers: Record<string, unknown> }) {
  const added = [...(await books(headers))].map(
    ([name, cents]) => [name, cents - (before.get(name) ?? 0)] as const,
  );
  return Object.fromEntries(added.filter(([, cents]) => cents !== 0));
}

const WAYS = [
  ['deposit', '/transactions/deposit', () => ({ account_id: account })],
  ['deposit', () => `/accounts/${account}/deposit`, () => ({})],
  ['withdrawal', '/transactions/withdrawal', () => ({ account_id: account })],
  ['withdrawal', () => `/accounts/${account}/withdrawal`, () => ({})],
] as const;

describe.each(WAYS)('of a %s by %s', (kind, path, fields) => {
  const move = (system_account: unknown) =>
    calls.post(typeof path === 'string' ? path : path(), { ...fields(), amount: '1.00', system_account });

  it.each(['a', 'vostro', 'sepa-2', 'b'.repeat(31), 'cash'])('may be %s', async (name) => {
    const cents = kind === 'deposit' ? 100 : -100;
    expect(await addedBy(await move(name))).toEqual({ customers: cents, [name]: -cents });
  });

  it.each([
    'transfers',
    'customers',
    'fee-income',
    'interest-expense',
    '',
    'Cash',
    'CASH',
    '-cash',
    '1st',
    'cash_2',
    'cash account',
    'cäsh',
    'cash\n',
    'c'.repeat(32),
    '0'.repeat(32),
    7,
    null,
    ['cash'],
  ])('is not %j', async (name) => {
    expect((await move(name)).json()).toMatchObject({
      status: 400,
      code: 'malformed',
      errors: [{ field: 'system_account', message: expect.stringMatching(/^must /) }],
    });
  });
});

it('a reversal goes back to where the money came from', async () => {
  const body = { amount: '5.00', system_account: 'vostro' };
  const { id } = (await calls.post(`/accounts/${account}/deposit`, body)).json().transaction;
  expect(await addedBy(await calls.post(`/transactions/${id}/reversal`, {}))).toEqual({});
});

it('cannot be named where the bank books by itself', async () => {
  const sides = { from_account_id: account, to_account_id: '0'.repeat(32) };
  for (const [path, fields] of [
    ['/transactions/transfer', sides],
    ['/transactions/fee', { account_id: account }],
    ['/transactions/interest', { account_id: account, period: '2026' }],
  ] as const) {
    const answer = await calls.post(path, { ...fields, amount: '1.00', system_account: 'cash' });
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'system_account' }] });
  }
});

import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { type FileBank, openFileBank } from '../testing/file-bank.ts';
import { type ProgramDirectory, programDirectory } from '../testing/program-directory.ts';

/** Calls at once, on the real engine. */
let directory: ProgramDirectory;
let bank: FileBank;
let calls: Calls;
let owner: string;
beforeAll(async () => {
  directory = programDirectory();
  bank = await openFileBank(directory);
  calls = callsTo(bank.app);
  owner = await calls.registerAlice();
});
afterAll(async () => {
  await bank.close();
  directory.remove();
});

const times = <Value>(count: number, make: (nth: number) => Value) =>
  Array.from({ length: count }, (_, nth) => make(nth));
const cents = (amount: string) => Math.round(Number(amount) * 100);

async function openWith(amount: number, overdraft_limit = 0): Promise<string> {
  const account = await calls.openAccount(owner, { overdraft_limit });
  await calls.deposit(account, amount);
  return account;
}

async function balanceOf(account: string): Promise<number> {
  const { headers } = await calls.deposit(account, '0.01');
  const shown = await calls.get(`/accounts/${account}?min_position=${headers['openbank-position']}`);
  return cents(shown.json().balance) - 1;
}

it('never pays more than there is, and all of it, when withdrawals race', async () => {
  const account = await openWith(50, 10);
  const answers = await Promise.all(
    times(150, () => calls.post(`/accounts/${account}/withdrawal`, { amount: '1.00' })),
  );
  const paid = answers.filter(({ statusCode }) => statusCode === 200);
  expect(paid.map((answer) => cents(answer.json().balance))).toEqual(times(60, (nth) => 4_900 - 100 * nth));
  const refused = answers.filter(({ statusCode }) => statusCode !== 200);
  expect(new Set(refused.map((answer) => answer.json().code))).toEqual(new Set(['insufficient-funds']));
  expect(await balanceOf(account)).toBe(-1_000);
});

it('moves money once when equal transfers race under one key, and once each under their own', async () => {
  const [from_account_id, to_account_id] = [await openWith(100), await openWith(1)];
  const body = { from_account_id, to_account_id, amount: '1.00' };
  const answers = await Promise.all(
    times(60, (nth) =>
      calls.post('/transactions/transfer', body, { 'Idempotency-Key': nth % 2 === 0 ? 'one' : `own-${nth}` }),
    ),
  );
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  expect(new Set(answers.filter((_, nth) => nth % 2 === 0).map(({ body: text }) => text)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(29);
  expect([await balanceOf(from_account_id), await balanceOf(to_account_id)]).toEqual([6_900, 3_200]);
});

it('opens one account when equal openings race under one key, and counts all others', async () => {
  const body = { owner_id: owner, overdraft_limit: 1 };
  const answers = await Promise.all(
    times(20, (nth) =>
      calls.post('/accounts', body, { 'Idempotency-Key': nth % 2 === 0 ? 'open' : `open-${nth}` }),
    ),
  );
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([201]));
  expect(new Set(answers.map((answer) => answer.json().id)).size).toBe(11);
});

it('ends all of many moves between few accounts at once, and loses and makes nothing', async () => {
  const accounts = await Promise.all(times(5, () => openWith(20, 5)));
  const place = fc.nat({ max: accounts.length - 1 });
  const kind = fc.constantFrom('transfer', 'transfer', 'transfer', 'deposit', 'withdrawal');
  const move = fc.record({ kind, from: place, to: place, minor: fc.integer({ min: 1, max: 900 }) });
  const expected = new Map(accounts.map((id) => [id, 2_000]));
  const add = (id: unknown, minor: number) => {
    if (typeof id === 'string') expected.set(id, (expected.get(id) ?? 0) + minor);
  };
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 120, maxLength: 120 }), async (moves) => {
      const answers = await Promise.all(
        moves.map(({ kind: what, from, to, minor }) => {
          const [payer, payee] = [accounts[from], accounts[from === to ? (to + 1) % accounts.length : to]];
          const amount = (minor / 100).toFixed(2);
          const sides = { from_account_id: payer, to_account_id: payee };
          return calls.post(`/transactions/${what}`, {
            ...(what === 'transfer' ? sides : { account_id: what === 'deposit' ? payee : payer }),
            amount,
          });
        }),
      );
      for (const answer of answers) {
        const { code, balance, transaction } = answer.json();
        if (answer.statusCode !== 200) expect(code).toBe('insufficient-funds');
        else {
          expect(cents(balance)).toBeGreaterThanOrEqual(-500);
          add(transaction.from_account_id, -cents(transaction.amount));
          add(transaction.to_account_id, cents(transaction.amount));
        }
      }
      for (const id of accounts) {
        expect(await balanceOf(id)).toBe(expected.get(id));
        add(id, 1);
      }
    }),
    { numRuns: 10 },
  );
});

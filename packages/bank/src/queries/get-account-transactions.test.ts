import { beforeEach, describe, expect, test } from 'vitest';
import { accounts } from '../projections/accounts.ts';
import { statementLines } from '../projections/statement-lines.ts';
import { newId, type TestBank } from '../testing/test-bank.ts';
import { bankWithTwoAccounts } from '../testing/two-accounts.ts';
import {
  type GetAccountTransactions,
  getAccountTransactions,
  getAccountTransactionsDescription,
} from './get-account-transactions.ts';
import { type StatementFilters, validateStatementFilters } from './statement-filters.ts';

let bank: TestBank;
let ann: string;
/** Of Ann and of Bob, in USD. */
let a: string;
let b: string;
beforeEach(async () => {
  ({ bank, ann, a, b } = await bankWithTwoAccounts());
});

const project = () => bank.project(accounts, statementLines);

function ask(
  wanted: Partial<GetAccountTransactions> = {},
  { models, vault }: Pick<TestBank, 'models' | 'vault'> = bank,
) {
  const query = { type: 'GetAccountTransactions', accountId: a, order: 'desc', limit: 50 } as const;
  return getAccountTransactions(models, vault)({ ...query, ...wanted }, undefined);
}

async function amounts(wanted: Partial<GetAccountTransactions> = {}) {
  return (await ask(wanted))?.items.map(({ amount }) => amount);
}

/** The amounts on each page; `between` is done before each page but the first. */
async function pagesOf(wanted: Partial<GetAccountTransactions>, between = async () => {}) {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    if (pages.length > 0) await between();
    const page = await ask({ ...wanted, cursor });
    pages.push(page?.items.map(({ amount }) => amount) ?? []);
    cursor = page?.next;
  } while (cursor !== undefined);
  return pages;
}

describe('the statement of an account', () => {
  test('has a line for each transaction, with what it adds to the balance', async () => {
    await bank.deposit({ accountId: a, amount: 100, description: 'Salary' });
    await bank.withdraw({ accountId: a, amount: '30.50' });
    const { answer } = await bank.transfer({
      fromAccountId: a,
      toAccountId: b,
      amount: 70,
      description: 'Rent',
    });
    await bank.transfer({ fromAccountId: b, toAccountId: a, amount: '0.01' });
    await project();
    const page = await ask({ order: 'asc' });
    expect(page?.items).toMatchObject([
      { type: 'DEPOSIT', amount: '100.00', balance: '100.00', description: 'Salary' },
      { type: 'WITHDRAWAL', amount: '-30.50', balance: '69.50', description: null },
      {
        type: 'TRANSFER',
        amount: '-70.00',
        balance: '-0.50',
        counterparty_account_id: b,
        description: 'Rent',
      },
      { type: 'TRANSFER', amount: '0.01', balance: '-0.49', counterparty_account_id: b },
    ]);
    expect(page?.items[2]).toEqual({
      transaction_id: answer.transaction.id,
      type: 'TRANSFER',
      amount: '-70.00',
      currency: 'USD',
      balance: '-0.50',
      counterparty_account_id: b,
      description: 'Rent',
      reference: null,
      metadata: null,
      value_date: answer.transaction.booked_at.slice(0, 10),
      reverses: null,
      booked_at: answer.transaction.booked_at,
    });
    expect(page?.items[0]?.counterparty_account_id).toBeNull();
  });

  test('shows each half of a transfer to its own account', async () => {
    const transfer = { fromAccountId: a, toAccountId: b, amount: 7, description: 'Lunch' };
    await bank.transfer(transfer);
    await project();
    expect((await ask({ accountId: b }))?.items).toMatchObject([
      { amount: '7.00', balance: '7.00', counterparty_account_id: a, description: 'Lunch' },
    ]);
  });

  test('has the newest line first unless it is asked the other way', async () => {
    for (const amount of [1, 2, 3]) await bank.deposit({ accountId: a, amount });
    await project();
    expect(await amounts()).toEqual(['3.00', '2.00', '1.00']);
    expect(await amounts({ order: 'asc' })).toEqual(['1.00', '2.00', '3.00']);
  });

  test('has pages of the limit, and no empty one at the end', async () => {
    for (const amount of [1, 2, 3, 4]) await bank.deposit({ accountId: a, amount });
    await project();
    expect(await pagesOf({ limit: 3 })).toEqual([['4.00', '3.00', '2.00'], ['1.00']]);
    expect(await pagesOf({ limit: 2 })).toEqual([
      ['4.00', '3.00'],
      ['2.00', '1.00'],
    ]);
    expect(await pagesOf({ limit: 4 })).toEqual([['4.00', '3.00', '2.00', '1.00']]);
  });

  test.each(['desc', 'asc'] as const)(
    'in the order %s neither skips nor repeats a line while others are booked',
    async (order) => {
      for (const amount of [1, 2, 3, 4, 5, 6]) await bank.deposit({ accountId: a, amount });
      await project();
      for (const filters of [{}, { minAmount: '1' }, { from: '2000-01-01' }]) {
        const before = (await pagesOf({ order, limit: 200, ...filters })).flat();
        let booked = 0;
        const pages = await pagesOf({ order, limit: 2, ...filters }, async () => {
          if (booked++ < 4) await bank.deposit({ accountId: a, amount: 99 });
          await project();
        });
        const known = order === 'asc' ? pages.flat().slice(0, before.length) : pages.flat();
        expect(known).toEqual(before);
      }
    },
  );

  test('of an account without transactions is empty, of an unknown account there is none', async () => {
    await project();
    expect(await ask()).toEqual({ items: [], next: undefined });
    expect(await ask({ accountId: newId() })).toBeUndefined();
  });

  test('shows erased texts as erased, and those of others as they are', async () => {
    await bank.transfer({ fromAccountId: a, toAccountId: b, amount: 7, description: 'Lunch' });
    await project();
    const vault = await bank.vaultAfterErasing(ann);
    expect((await ask({}, { ...bank, vault }))?.items).toMatchObject([{ description: 'erased' }]);
    expect((await ask({ accountId: b }, { ...bank, vault }))?.items).toMatchObject([
      { description: 'Lunch' },
    ]);
  });

  test('refuses the cursor of another statement, or of another time', async () => {
    for (const amount of [1, 2]) {
      await bank.deposit({ accountId: a, amount });
      await bank.deposit({ accountId: b, amount });
    }
    await project();
    const cursor = (await ask({ limit: 1 }))?.next;
    const refused = { code: 'cursor-refused' };
    await expect(ask({ accountId: b, cursor })).rejects.toMatchObject(refused);
    await expect(ask({ order: 'asc', cursor })).rejects.toMatchObject(refused);
    await expect(ask({ from: '2020-01-01', cursor })).rejects.toMatchObject(refused);
    await expect(ask({ cursor: 'x' })).rejects.toMatchObject(refused);
  });

  test('refuses the cursor of other filters, or of none', async () => {
    for (const amount of [1, 2]) await bank.deposit({ accountId: a, amount });
    await project();
    const filters: readonly Partial<StatementFilters>[] = [
      {},
      { transactionType: 'DEPOSIT' },
      { minAmount: '1' },
      { maxAmount: '2' },
      { minAmount: '1', maxAmount: '2' },
      { transactionType: 'DEPOSIT', minAmount: '1' },
    ];
    for (const by of filters) {
      const cursor = (await ask({ ...by, limit: 1 }))?.next;
      expect(await amounts({ ...by, cursor })).toEqual(['1.00']);
      for (const other of filters.filter((each) => each !== by)) {
        await expect(ask({ ...other, cursor })).rejects.toMatchObject({ code: 'cursor-refused' });
      }
    }
  });
});

describe('the filters of a statement', () => {
  let times: readonly string[];
  beforeEach(async () => {
    await bank.deposit({ accountId: a, amount: 100 });
    await bank.withdraw({ accountId: a, amount: 20 });
    await bank.transfer({ fromAccountId: a, toAccountId: b, amount: 50 });
    await bank.deposit({ accountId: a, amount: 20 });
    await project();
    times = (await ask({ order: 'asc' }))?.items.map(({ booked_at }) => booked_at) ?? [];
  });

  test('by time take what was booked at the first moment, and leave out what was booked at the last', async () => {
    expect(await amounts({ from: times[1], to: times[3] })).toEqual(['-50.00', '-20.00']);
    expect(await amounts({ from: times[1] })).toEqual(['20.00', '-50.00', '-20.00']);
    expect(await amounts({ to: times[1] })).toEqual(['100.00']);
    expect(await amounts({ from: times[2], to: times[2] })).toEqual([]);
    expect(await pagesOf({ from: times[1], to: times[3], order: 'asc', limit: 1 })).toEqual([
      ['-20.00'],
      ['-50.00'],
    ]);
  });

  test('by day begin with it in UTC', async () => {
    const day = times[0]?.slice(0, 10) ?? '';
    expect(await amounts({ from: day })).toHaveLength(4);
    expect(await amounts({ to: day })).toEqual([]);
  });

  const filters: readonly (readonly [Partial<StatementFilters>, readonly string[]])[] = [
    [{ transactionType: 'DEPOSIT' }, ['20.00', '100.00']],
    [{ transactionType: 'TRANSFER' }, ['-50.00']],
    [{ minAmount: '50' }, ['-50.00', '100.00']],
    [{ minAmount: '50.01' }, ['100.00']],
    [{ maxAmount: '20.0' }, ['20.00', '-20.00']],
    [{ minAmount: '20.00', maxAmount: '20.00' }, ['20.00', '-20.00']],
    [{ minAmount: '20.00', maxAmount: '20.00', transactionType: 'WITHDRAWAL' }, ['-20.00']],
    [{ minAmount: '1000000000000' }, []],
  ];

  test.each(filters)(
    '%j take the lines that fit, time after time, on pages of any size',
    async (by, expected) => {
      for (const limit of [1, 2, 200, 1]) expect((await pagesOf({ ...by, limit })).flat()).toEqual(expected);
    },
  );

  test.each<[Partial<StatementFilters>, string]>([
    [{ from: 'yesterday' }, 'from'],
    [{ to: '2026-02-30' }, 'to'],
    [{ from: '2026-02-02', to: '2026-02-01' }, 'from'],
    [{ minAmount: '-1' }, 'min_amount'],
    [{ minAmount: '1e3' }, 'min_amount'],
    [{ maxAmount: '' }, 'max_amount'],
  ])('%j are refused before anything is read', (by, field) => {
    expect(() => validateStatementFilters(by)).toThrow(
      expect.objectContaining({ kind: 'malformed', fields: [expect.objectContaining({ field })] }),
    );
  });

  test.each<[Partial<StatementFilters>, string]>([
    [{ minAmount: '1.001' }, 'min_amount'],
    [{ maxAmount: '0.005' }, 'max_amount'],
    [{ minAmount: '2', maxAmount: '1' }, 'min_amount'],
  ])("%j are refused with the account's currency in view", async (by, field) => {
    await expect(ask(by)).rejects.toMatchObject({ kind: 'malformed', fields: [{ field }] });
  });
});

test('a statement says what it draws on, and what a miss is about', () => {
  const query = { type: 'GetAccountTransactions', accountId: 'x', order: 'desc', limit: 1 } as const;
  const { drawsOn, stream, notFound } = getAccountTransactionsDescription;
  expect(drawsOn).toEqual([accounts, statementLines]);
  expect(stream(query)).toBe('bank-account-x');
  expect(notFound()).toMatchObject({ code: 'account-not-found' });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BankShell, openBankShell } from '../../testing/bank-shell.ts';
import { fakeIo } from '../../testing/fake-io.ts';
import { EXIT } from '../exit-code.ts';
import { runProgram } from '../program.ts';

describe('a demo', () => {
  let shell: BankShell;
  beforeEach(async () => {
    shell = await openBankShell();
  });
  afterEach(() => shell.close());

  it('shows all that a bank can do, and its books are balanced', async () => {
    const { code, out } = await shell.run('seed', '--persons', '6', '--months', '2');
    expect(code).toBe(EXIT.ok);
    expect(out[0]).toMatch(
      /^The demo is there: 6 persons, 14 accounts and \d+ transactions\. \d+ writes were new\.$/,
    );
    const { data: accounts } = await shell.json('account', 'list', '--limit', '200');
    const statuses = Object(accounts).map(({ status }: { status: string }) => status);
    expect(new Set(statuses)).toEqual(new Set(['OPEN', 'FROZEN_DEBIT', 'CLOSED']));
    const books = await shell.run('trial-balance');
    const totals = books.out.filter((line) => line.includes('total'));
    expect(totals.map((line) => line.split(/ +/))).toEqual([
      ['EUR', 'total', '0.00'],
      ['GBP', 'total', '0.00'],
      ['JPY', 'total', '0'],
      ['USD', 'total', '0.00'],
    ]);
    // What it says to look at next can be looked at.
    for (const line of out.filter((said) => said.startsWith('  ./openbank '))) {
      expect(await shell.run(...line.trim().split(' ').slice(1)), line).toMatchObject({ code: EXIT.ok });
    }
  });

  it('counts each movement from a day of its month, and what was there before from before all of them', async () => {
    const { accountId } = await shell.json('seed', '--persons', '1', '--months', '2');
    const { data } = await shell.json('account', 'statement', String(accountId), '--limit', '200');
    const lines: { readonly description: string; readonly value_date: string }[] = Object(data);
    const [opening = ''] = lines.flatMap(({ description, value_date }) =>
      description === 'Opening balance' ? [value_date] : [],
    );
    const others = lines.filter(({ description }) => description !== 'Opening balance');
    expect(others.length).toBeGreaterThan(10);
    for (const { value_date } of others) expect(opening < value_date, value_date).toBe(true);
  });

  it('that is there already is not made again, and a larger one adds what is missing', async () => {
    const first = await shell.json('seed', '--persons', '3', '--months', '1');
    expect(Number(first.added)).toBeGreaterThan(30);
    expect(await shell.json('seed', '--persons', '3', '--months', '1')).toEqual({ ...first, added: 0 });
    const { out } = await shell.run('seed', '--persons', '3', '--months', '1');
    expect(out[0]).toContain('nothing was added');
    const more = await shell.json('seed', '--persons', '3', '--accounts', '3', '--months', '2');
    expect(Number(more.added)).toBeGreaterThan(0);
    expect(more).toMatchObject({ refused: [], personId: first.personId, accountId: first.accountId });
  });
});

it.each([
  ['--persons', '0'],
  ['--accounts', '6'],
  ['--months', 'many'],
  ['--seed', 'a b'],
])('a demo of %s %s is refused', async (flag, value) => {
  expect(await runProgram(['seed', flag, value], fakeIo())).toBe(EXIT.usage);
});

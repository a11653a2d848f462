import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BankShell, openBankShell } from '../../testing/bank-shell.ts';
import { EXIT } from '../exit-code.ts';

let shell: BankShell;
beforeAll(async () => {
  shell = await openBankShell();
});
afterAll(() => shell.close());

describe('money from the shell', () => {
  it('goes in, over and out, and the statement shows it', async () => {
    const [from, to] = [await shell.openAccount(), await shell.openAccount()];
    await shell.json('deposit', from, '1000.00', '--description', 'Initial deposit');
    await shell.json('transfer', from, to, '250.00', '--description', 'Rent', '--fee', '1');
    const { out } = await shell.run('withdraw', from, '0.5');
    expect(out).toContain('amount            0.50 USD');
    expect(out.at(-1)).toBe('balance           748.50 USD');
    const statement = await shell.run('account', 'statement', from);
    const cells = statement.out.map((line) => line.split(/ {2,}/));
    expect(cells[0]).toEqual([
      ...['BOOKED', 'VALUE DATE', 'TYPE', 'AMOUNT', 'BALANCE', 'TRANSACTION', 'DESCRIPTION'],
    ]);
    expect(cells.slice(1).map(([, , type, amount, balance]) => [type, amount, balance])).toEqual([
      ['WITHDRAWAL', '-0.50', '748.50'],
      ['FEE', '-1.00', '749.00'],
      ['TRANSFER', '-250.00', '750.00'],
      ['DEPOSIT', '1000.00', '1000.00'],
    ]);
  });

  it('is shown with all that was said of it, and in the books', async () => {
    const said = ['--reference', 'invoice-4711', '--metadata', 'order=4711', '--metadata', 'shop=north'];
    const id = await shell.openAccount('--currency', 'EUR');
    const { transaction } = await shell.json('deposit', id, '5', ...said, '--value-date', '2026-01-31');
    const { out } = await shell.run('transaction', 'show', Object(transaction).id);
    expect(out).toEqual(
      expect.arrayContaining([
        'reference         invoice-4711',
        'metadata          order=4711, shop=north',
        'value date        2026-01-31',
      ]),
    );
    const books = await shell.run('trial-balance');
    expect(books.out.find((line) => /^EUR +total/.test(line))).toMatch(/ 0\.00$/);
  });

  it('moves once under a key, and is found by it', async () => {
    const id = await shell.openAccount();
    const deposit = ['deposit', id, '10.00', '--key', 'salary-2026-09'];
    await shell.run(...deposit);
    const again = await shell.run(...deposit);
    expect(again.out).toContain('balance           10.00 USD');
    expect(again.out.at(-1)).toBe('Nothing new: this is the first answer to this key again.');
    const other = await shell.run('deposit', id, '11.00', '--key', 'salary-2026-09');
    expect(other).toMatchObject({ code: EXIT.failed, err: expect.stringContaining('another --key') });
    expect((await shell.run('transaction', 'find', 'salary-2026-09')).out).toHaveLength(2);
  });

  it('is found by its key all at once: there are no pages to ask for', async () => {
    for (const flag of ['--limit', '--cursor']) {
      const { code, err } = await shell.run('transaction', 'find', 'salary-2026-09', flag, '5');
      expect(code).toBe(EXIT.usage);
      expect(err).toContain(`unknown option '${flag}'`);
    }
  });

  it('is interest once for a period, a fee, and taken back once', async () => {
    const id = await shell.openAccount();
    const interest = ['interest', id, '5', '--period', '2026-09'];
    expect((await shell.run(...interest)).out).toContain('period            2026-09');
    expect(await shell.run(...interest)).toMatchObject({ code: EXIT.failed });
    const [fee = ''] = (await shell.run('fee', id, '2', '--quiet')).out;
    const back = await shell.run('reverse', fee, '--description', 'Goodwill');
    expect(back.out.at(-1)).toBe('balance           5.00 USD');
    expect(await shell.run('reverse', fee)).toMatchObject({ code: EXIT.failed });
  });
});

describe('a refusal', () => {
  it('is said in words, and as the problem for scripts', async () => {
    const id = await shell.openAccount();
    const { code, err } = await shell.run('withdraw', id, '1.00');
    expect(code).toBe(EXIT.failed);
    expect(err).toMatch(/^openbank: The account has not enough/);
    const { out } = await shell.run('withdraw', id, '1.00', '--json');
    expect(JSON.parse(out.join(''))).toMatchObject({ status: 422, code: 'insufficient-funds' });
  });

  it('of what cannot be understood is a wrong command line', async () => {
    const id = await shell.openAccount();
    expect(await shell.run('deposit', id, 'much')).toMatchObject({
      code: EXIT.usage,
      err: expect.stringContaining('amount must be an amount'),
    });
    expect(await shell.run('deposit', id, '1', '--metadata', 'order')).toMatchObject({
      code: EXIT.usage,
      err: expect.stringContaining('order=4711'),
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeIo } from '../../testing/fake-io.ts';
import { type MemoryBank, openMemoryBank } from '../../testing/memory-bank.ts';
import { EXIT } from '../exit-code.ts';
import { runProgram } from '../program.ts';

let bank: MemoryBank;
let url: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  url = await bank.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => bank.close());

/** A command line of the program, and what it said. */
async function run(...args: readonly string[]) {
  const io = fakeIo({ OPENBANK_URL: url });
  const code = await runProgram(args, io);
  return { code, out: io.outLines, err: io.errLines.join('\n') };
}

async function json(...args: readonly string[]) {
  const { code, out, err } = await run(...args, '--json');
  expect(err).toBe('');
  expect(code).toBe(EXIT.ok);
  return JSON.parse(out.join('\n'));
}

const ALICE = [
  ...['--first-name', 'Alice', '--last-name', 'Smith', '--date-of-birth', '1990-05-15'],
  ...['--nationality', 'US', '--gender', 'FEMALE'],
];

const registered = async (): Promise<string> => (await json('person', 'register', ...ALICE)).id;
const opened = async (...flags: readonly string[]): Promise<string> =>
  (await json('account', 'open', await registered(), ...flags)).id;

describe('a person from the shell', () => {
  it('is registered and shown', async () => {
    const address = ['--street-name', 'Main Street', '--street-number', '12a', '--zip-code', '62704'];
    const { id } = await json(
      ...['person', 'register', ...ALICE, ...address, '--city', 'Springfield', '--country', 'US'],
    );
    const { code, out } = await run('person', 'show', id);
    expect(code).toBe(EXIT.ok);
    expect(out.slice(0, 6)).toEqual([
      `person            ${id}`,
      'name              Alice Smith',
      'date of birth     1990-05-15',
      'nationality       US',
      'gender            FEMALE',
      'address           Main Street 12a, 62704 Springfield, US',
    ]);
  });

  it('needs a whole address, or none', async () => {
    const { code, err } = await run('person', 'register', ...ALICE, '--city', 'Springfield');
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('--street-name');
  });

  it('is in a list, page by page', async () => {
    await registered();
    await registered();
    const first = await run('person', 'list', '--limit', '1');
    expect(first.out).toHaveLength(4);
    const [, cursor = ''] = /--cursor (\S+)$/.exec(first.out.at(-1) ?? '') ?? [];
    const second = await run('person', 'list', '--limit', '1', '--cursor', cursor);
    expect(second.out[1]).toMatch(/^[0-9a-f]{32} {2}Alice Smith {2}1990-05-15 {2}US$/);
    expect(second.out[1]).not.toBe(first.out[1]);
  });
});

describe('money from the shell', () => {
  it('goes in, over and out, and the statement shows it', async () => {
    const [from, to] = [await opened(), await opened()];
    await json('deposit', from, '1000.00', '--description', 'Initial deposit');
    await json('transfer', from, to, '250.00', '--description', 'Rent');
    const { out } = await run('withdraw', from, '0.5');
    expect(out).toContain('amount            0.50 USD');
    expect(out.at(-1)).toBe('balance           749.50 USD');
    const statement = await run('account', 'statement', from);
    expect(statement.out.map((line) => line.replaceAll(/[0-9a-f]{32}|[-\d]{10} [:\d]{8}/g, '...'))).toEqual([
      'BOOKED               TYPE         AMOUNT  BALANCE  TRANSACTION                       DESCRIPTION',
      '...  WITHDRAWAL    -0.50   749.50  ...',
      '...  TRANSFER    -250.00   750.00  ...  Rent',
      '...  DEPOSIT     1000.00  1000.00  ...  Initial deposit',
    ]);
    expect((await run('account', 'show', from)).out).toContain('balance           749.50 USD');
  });

  it('is shown as a transaction, and in the books', async () => {
    const { transaction } = await json('deposit', await opened('--currency', 'EUR'), '5');
    const { out } = await run('transaction', 'show', transaction.id);
    expect(out).toContain('type              DEPOSIT');
    const books = await run('trial-balance');
    expect(books.out.find((line) => /^EUR +total/.test(line))).toMatch(/ 0\.00$/);
  });

  it('moves once under a key, whatever is repeated', async () => {
    const account = await opened();
    const deposit = ['deposit', account, '10.00', '--key', 'salary-2026-09'];
    await run(...deposit);
    const again = await run(...deposit);
    expect(again.out.at(-1)).toBe('Nothing new: this is the first answer to this key again.');
    expect(again.out).toContain('balance           10.00 USD');
    const other = await run('deposit', account, '11.00', '--key', 'salary-2026-09');
    expect(other.code).toBe(EXIT.failed);
    expect(other.err).toContain('another --key');
  });

  it('is refused in words, and with the problem for scripts', async () => {
    const account = await opened();
    const { code, err } = await run('withdraw', account, '1.00');
    expect(code).toBe(EXIT.failed);
    expect(err).toMatch(/^openbank: The account has not enough/);
    const { out } = await run('withdraw', account, '1.00', '--json');
    expect(JSON.parse(out.join(''))).toMatchObject({ status: 422, code: 'insufficient-funds' });
  });

  it('is refused as a wrong command line where it cannot be understood', async () => {
    const { code, err } = await run('deposit', await opened(), 'much');
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('amount must be an amount');
  });
});

describe('accounts from the shell', () => {
  it('are listed by owner, aligned', async () => {
    const owner = await registered();
    await json('account', 'open', owner, '--overdraft-limit', '500');
    const { out } = await run('account', 'list', '--owner', owner);
    expect(out[0]).toMatch(/^ACCOUNT {27}OWNER {8}BALANCE {2}AVAILABLE {2}CURRENCY {2}STATUS/);
    expect(out[1]).toMatch(/^[0-9a-f]{32} {2}Alice Smith +0\.00 +500\.00 {2}USD +OPEN$/);
  });

  it('that there are none of are said to be none', async () => {
    const { out } = await run('account', 'list', '--owner', await registered());
    expect(out.at(-1)).toBe('There are none.');
  });
});

describe('where no bank answers', () => {
  it('ends with 3 and says how to start one', async () => {
    const io = fakeIo();
    const data = '/nowhere/bank';
    expect(await runProgram(['account', 'list', '--data', data], io)).toBe(EXIT.notRunning);
    expect(io.errLines.join('\n')).toMatch(/no bank runs in \/nowhere\/bank\. .*\.\/openbank start/);
  });

  it('ends with 2 for an address that is none', async () => {
    const { code, err } = await run('account', 'list', '--url', 'localhost');
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('http://localhost:8899');
  });
});

it('a wrong command of a group says where help is', async () => {
  const { code, err } = await run('account', 'opne');
  expect(code).toBe(EXIT.usage);
  expect(err).toContain('./openbank account --help');
});

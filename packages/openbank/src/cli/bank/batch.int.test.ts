import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BankShell, openBankShell } from '../../testing/bank-shell.ts';
import { EXIT } from '../exit-code.ts';

let shell: BankShell;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openbank-batch-'));
  shell = await openBankShell();
});
afterAll(async () => {
  await shell.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const deposit = (account_id: string) => ({ type: 'deposit', account_id, amount: '5' });
const INDEPENDENT = ['--mode', 'independent'];

describe('a batch from a file', () => {
  it('says what became of each item, and ends with 1 where one was refused', async () => {
    const account_id = await shell.openAccount();
    const path = file('payments.json', [
      deposit(account_id),
      { type: 'withdrawal', account_id, amount: '600' },
    ]);
    const { code, out } = await shell.run('batch', path, ...INDEPENDENT, '--key', 'payments-2026-09');
    expect(code).toBe(EXIT.failed);
    expect(out[1]).toMatch(/^ {3}0 {2}done +5\.00 {2}[0-9a-f]{32}$/);
    expect(out[2]).toMatch(/^ {3}1 {2}refused .*insufficient-funds/);
    const again = await shell.run('batch', path, ...INDEPENDENT, '--key', 'payments-2026-09');
    expect(again.out[1]).toMatch(/done before/);
    expect(await shell.run('batch', path, '--mode', 'atomic')).toMatchObject({
      code: EXIT.failed,
      err: expect.stringContaining('Item 1'),
    });
  });

  it('is recorded as its mode says; --mode is above that', async () => {
    const account_id = await shell.openAccount();
    const path = file('atomic.json', { mode: 'atomic', items: [deposit(account_id)] });
    expect(await shell.json('batch', path)).toMatchObject({ mode: 'atomic' });
    expect(await shell.json('batch', path, ...INDEPENDENT)).toMatchObject({ mode: 'independent' });
  });

  it.each([
    ['items alone', (items: readonly unknown[]) => items],
    ['an object without a mode', (items: readonly unknown[]) => ({ items })],
    ['a mode that is none', (items: readonly unknown[]) => ({ mode: 'both', items })],
  ])('needs --mode where the file holds %s, since nobody may guess it', async (_, bodyOf) => {
    const account_id = await shell.openAccount();
    const path = file('no-mode.json', bodyOf([deposit(account_id)]));
    const { code, err } = await shell.run('batch', path);
    expect(code).toBe(EXIT.usage);
    expect(err).toMatch(/no-mode\.json .*--mode atomic .*--mode independent/);
    expect((await shell.run('account', 'show', account_id)).out).toContain('balance           0.00 USD');
  });

  it('says so in its help', async () => {
    const { out } = await shell.run('batch', '--help');
    expect(out.join('\n')).toMatch(/items alone, and then\s+--mode/);
  });

  it('is judged by the bank in all that is in its items', async () => {
    const path = file('odd.json', { mode: 'atomic', items: [{ type: 'gift' }, 5], note: 'x' });
    const { code, err } = await shell.run('batch', path);
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('note is not a known field');
  });

  it.each([
    ['no JSON', 'deposit 5', 'is no JSON'],
    ['a number', 5, 'holds no batch'],
    ['nothing', null, 'holds no batch'],
    ['no items', { mode: 'atomic' }, 'holds no batch'],
  ])('is a wrong command line where the file holds %s', async (_, content, said) => {
    const path = file('wrong.json', content);
    expect(await shell.run('batch', path)).toMatchObject({
      code: EXIT.usage,
      err: expect.stringContaining(said),
    });
  });

  it('is a wrong command line where the file is none', async () => {
    expect(await shell.run('batch', join(folder, 'nowhere.json'))).toMatchObject({ code: EXIT.usage });
  });
});

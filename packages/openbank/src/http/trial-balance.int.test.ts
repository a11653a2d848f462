import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { type FileBank, openFileBank } from '../testing/file-bank.ts';
import { type ProgramDirectory, programDirectory } from '../testing/program-directory.ts';

let directory: ProgramDirectory;
let bank: FileBank;
let calls: Calls;
beforeAll(async () => {
  directory = programDirectory();
  bank = await openFileBank(directory);
  calls = callsTo(bank.app);
});
afterAll(async () => {
  await bank.close();
  directory.remove();
});

const MOVES = 600;

it('is zero at every moment, and no transfer is on its way, while money moves', async () => {
  const owner = await calls.registerAlice();
  const accounts = await Promise.all(
    Array.from({ length: 6 }, () => calls.openAccount(owner, { overdraft_limit: 1_000_000 })),
  );
  const account = (at: number) => accounts[at % accounts.length] ?? '';
  const funded = await calls.deposit(account(0), '1.00');
  await calls.get(`/trial-balance?min_position=${funded.headers['openbank-position']}`);

  let made = 0;
  async function move(): Promise<void> {
    while (made < MOVES) {
      const at = made++;
      const sides = { from_account_id: account(at), to_account_id: account(at + 1) };
      if (at % 3 === 0) await calls.deposit(account(at), '0.03');
      else await calls.post('/transactions/transfer', { ...sides, amount: '1.01' });
    }
  }
  const moving = Promise.all(Array.from({ length: 16 }, move));
  const positions = new Set<string>();
  while (made < MOVES) {
    const { position, currencies } = (await calls.get('/trial-balance')).json();
    positions.add(position);
    expect(currencies).toMatchObject([{ currency: 'USD', total: '0.00' }]);
    const transfers = currencies[0].accounts.find(
      (each: { account: string }) => each.account === 'transfers',
    );
    expect(transfers?.balance ?? '0.00', position).toBe('0.00');
    await setImmediate();
  }
  await moving;
  expect(positions.size).toBeGreaterThan(10);
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { callsTo } from './testing/calls.ts';
import { openFileBank } from './testing/file-bank.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'openbank-personal-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const CAROL = {
  first_name: 'Carolinchen',
  last_name: 'Wunderlich',
  date_of_birth: '1987-03-14',
  nationality: 'US',
  gender: 'FEMALE',
} as const;
const SECRETS = [
  'Carolinchen',
  'Wunderlich',
  '1987-03-14',
  'Rent of May',
  'Salary of June',
  'Cash for a bike',
];

it('stands in no file in readable form, be it log, snapshot or read model', async () => {
  const { app, close } = await openFileBank({ data: directory }, { OPENBANK_SNAPSHOT_EVERY: '1' });
  const { post, get, openAccount } = callsTo(app);
  const owner = String((await post('/persons', CAROL)).json().id);
  const [from_account_id, to_account_id] = [await openAccount(owner), await openAccount(owner)];
  await post(`/accounts/${from_account_id}/deposit`, { amount: '9.00', description: 'Salary of June' });
  await post(`/accounts/${from_account_id}/withdrawal`, { amount: '1.00', description: 'Cash for a bike' });
  const transfer = { from_account_id, to_account_id, amount: '2.00', description: 'Rent of May' };
  const position = (await post('/transactions/transfer', transfer)).headers['openbank-position'];
  // What is sealed can be read by whoever may, so it was written.
  const statement = await get(`/accounts/${to_account_id}/transactions?min_position=${position}`);
  expect(statement.json().data).toMatchObject([{ description: 'Rent of May' }]);
  const shown = await get(`/persons?min_position=${position}`);
  expect(shown.json().data).toMatchObject([{ ...CAROL }]);
  expectSealed();
  await close();
  expectSealed();
  expect(statSync(join(directory, 'snapshots.db')).size).toBeGreaterThan(0);
});

function expectSealed(): void {
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const path = join(directory, name);
    if (!statSync(path).isFile()) continue;
    const text = readFileSync(path, 'latin1');
    expect(
      SECRETS.filter((secret) => text.includes(secret)),
      name,
    ).toEqual([]);
  }
}

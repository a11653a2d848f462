/**
 * Records a store that later versions must go on opening: `node scripts/record-history.ts <folder>`.
 *
 * It starts this version of the bank on an empty directory, makes one event of every type and more, and keeps what
 * `packages/openbank/src/testing/recorded/history.int.test.ts` compares: the log, the keys, the master key that opens
 * them, and what the bank answers. Never change a folder that was released: record a new one beside it, for each release
 * that has changed an event or added one.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

interface Recorded extends Call {
  readonly status: number;
  readonly answer: unknown;
}

const root = join(import.meta.dirname, '..');
const [folder] = process.argv.slice(2);
if (folder === undefined || existsSync(folder)) {
  process.stderr.write('Usage: node scripts/record-history.ts <new folder>\n');
  process.exit(2);
}
const data = mkdtempSync(join(tmpdir(), 'openbank-history-'));
const masterKey = randomBytes(32).toString('base64');

function openbank(...args: readonly string[]): string {
  const env = { ...process.env, OPENBANK_MASTER_KEY: masterKey };
  return execFileSync(join(root, 'openbank'), [...args, '--data', data], { env, encoding: 'utf8' });
}

openbank('start', '--port', '0');
const { address }: { readonly address: string } = JSON.parse(openbank('status', '--json'));
let position = '';

async function call({ method, path, headers, body }: Call): Promise<Recorded> {
  const response = await fetch(`${address}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'openbank-min-position': position, ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  position = response.headers.get('openbank-position') ?? position;
  return {
    method,
    path,
    ...(headers && { headers }),
    ...(body && { body }),
    status: response.status,
    answer,
  };
}

/** Writes with a key, to be repeated by whoever opens the store. */
const writes: Recorded[] = [];

async function write(method: Call['method'], path: string, body: object): Promise<object> {
  const recorded = await call({ method, path, headers: { 'idempotency-key': randomUUID() }, body });
  writes.push(recorded);
  return Object(recorded.answer);
}

/** The id of what was made. */
async function post(path: string, body: object): Promise<string> {
  return idIn(await write('POST', path, body), path);
}

/** The id of the transaction that was booked. */
async function book(path: string, body: object): Promise<string> {
  const answer = await write('POST', path, body);
  if (!('transaction' in answer)) throw new Error(`${path} has booked nothing`);
  return idIn(Object(answer.transaction), path);
}

function idIn(answer: object, path: string): string {
  if (!('id' in answer)) throw new Error(`${path} has no id`);
  return String(answer.id);
}

const person = (first_name: string, more: object = {}) =>
  post('/persons', {
    first_name,
    last_name: 'Müller-漢',
    date_of_birth: '1990-05-15',
    nationality: 'US',
    gender: 'OTHER',
    ...more,
  });
const account = (owner_id: string, more: object = {}) => post('/accounts', { owner_id, ...more });
const deposit = (account_id: string, amount: string, description: string | null = null) =>
  post('/transactions/deposit', { account_id, amount, description });
const withdraw = (account_id: string, amount: string, description: string | null = null) =>
  post('/transactions/withdrawal', { account_id, amount, description });
const transfer = (from: string, to: string, amount: string, description: string | null = null) =>
  post('/transactions/transfer', { from_account_id: from, to_account_id: to, amount, description });

const home = { street_name: 'Main St', street_number: '1a', zip_code: '12345', city: 'Bern', country: 'CH' };
const alice = await person('Alice', { address: { ...home, state: 'BE' } });
const bob = await person('Bob', { gender: 'MALE' });
await person('Nobody');
const dollars = await account(alice, { overdraft_limit: '250.00' });
const others = await account(bob);
const yen = await account(alice, { currency: 'JPY' });
const dinars = await account(bob, { currency: 'BHD', overdraft_limit: '1.500' });
await account(bob, { currency: 'EUR' });
await deposit(dollars, '1000.00', 'First deposit');
await deposit(dollars, '0.01');
await deposit(yen, '123456', '円');
await deposit(dinars, '9999999999.999', 'A lot');
await withdraw(dollars, '1100.00', 'Into the overdraft');
await withdraw(dinars, '0.001');
for (let at = 1; at <= 10; at++) {
  await deposit(others, `${at}.50`, at % 2 === 0 ? `Deposit ${at}` : null);
  await transfer(others, dollars, `${at}.25`, at % 3 === 0 ? `Share ${at}` : null);
}
await transfer(dollars, others, '20.00', 'Back');
await withdraw(yen, '56', 'Tea');

const remarks = { reference: 'invoice 4711', metadata: { order: '4711' }, value_date: '2026-01-31' };
const paid = await book('/transactions/deposit', {
  account_id: dollars,
  amount: '500.00',
  description: 'Invoice',
  system_account: 'cash-desk-2',
  ...remarks,
});
await book('/transactions/interest', { account_id: others, amount: '1.25', period: '2026-Q3' });
const charged = await book('/transactions/fee', { account_id: dollars, amount: '2.00' });
const rent = { from_account_id: dollars, to_account_id: others, amount: '30.00', fee: '0.50' };
const sent = await book('/transactions/transfer', { ...rent, description: 'Rent', reference: 'rent' });
await book(`/transactions/${sent}/reversal`, { description: 'Sent twice' });
await book(`/transactions/${charged}/reversal`, {});
await write('POST', '/transactions/batch', {
  mode: 'atomic',
  items: [
    { type: 'deposit', account_id: dinars, amount: '0.001' },
    { type: 'transfer', from_account_id: others, to_account_id: dollars, amount: '1.00', fee: '0.10' },
    { type: 'interest', account_id: dollars, amount: '0.01', period: '2026-09' },
  ],
});
await write('PATCH', `/persons/${alice}`, { last_name: 'Sánchez', address: null });
await write('POST', `/accounts/${others}/freeze`, { status: 'FROZEN_DEBIT' });
await write('POST', `/accounts/${others}/freeze`, {});
await write('POST', `/accounts/${others}/unfreeze`, {});
await write('PUT', `/accounts/${others}/overdraft-limit`, { overdraft_limit: '75.00' });
const savings = await account(bob, { reference: 'savings' });
await write('POST', `/accounts/${savings}/close`, {});

const accounts = [dollars, others, yen, dinars, savings];
const paths = [
  '/persons?limit=200',
  `/persons/${alice}`,
  '/accounts?limit=200',
  ...accounts.map((id) => `/accounts/${id}`),
  ...[alice, bob].map((id) => `/accounts/by-owner/${id}`),
  ...accounts.map((id) => `/accounts/${id}/transactions?limit=200`),
  ...accounts.map((id) => `/accounts/${id}/events?limit=200`),
  ...[paid, charged, sent].map((id) => `/transactions/${id}`),
  '/trial-balance',
];
const reads: Recorded[] = [];
for (const path of paths) reads.push(await call({ method: 'GET', path }));

openbank('stop');
mkdirSync(folder, { recursive: true });
for (const file of ['log.db', 'keys.db']) copyFileSync(join(data, file), join(folder, file));
writeFileSync(join(folder, 'master-key-of-this-test-store.txt'), `${masterKey}\n`);
writeFileSync(join(folder, 'answers.json'), `${JSON.stringify({ position, writes, reads }, undefined, 2)}\n`);
execFileSync(join(root, 'node_modules/.bin/biome'), ['format', '--write', folder]);
rmSync(data, { recursive: true });
process.stdout.write(`Recorded ${writes.length} writes and ${reads.length} reads in ${folder}.\n`);

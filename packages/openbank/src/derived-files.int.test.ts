import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { projections } from '@openbank/bank';
import { openSqliteReadModelReader } from '@openbank/engine-sqlite';
import type { Document } from '@openbank/eventsourcing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ALICE, callsTo } from './testing/calls.ts';
import { type FileBank, openFileBank } from './testing/file-bank.ts';
import { type ProgramDirectory, programDirectory } from './testing/program-directory.ts';

let directory: ProgramDirectory;
let before: Bank;
beforeAll(async () => {
  directory = programDirectory();
  await withBank(moveMoney);
  before = await withBank(looked);
});
afterAll(() => directory.remove());

const DERIVED = ['read-models.db', 'index.db', 'snapshots.db', 'head'];

it.each([
  ...DERIVED.map((file) => ({ what: file, files: [file] })),
  { what: 'everything but the log and the secrets', files: DERIVED },
])('is the same bank once $what was deleted', async ({ files }) => {
  const deleted = readdirSync(directory.data).filter((name) => files.some((file) => name.startsWith(file)));
  for (const name of deleted) rmSync(join(directory.data, name));
  const after = await withBank(looked);
  expect(after).toEqual(before);
  expect(Object.values(after.documents).flat().length).toBeGreaterThan(200);
});

it.each(projections.map(({ name, version }) => `${name}_v${version}`))(
  'is the same bank once the table %s was lost',
  async (table) => {
    changeReadModels(`DROP TABLE ${table}`);
    expect(await withBank(looked)).toEqual(before);
  },
);

it('answers 503 from a read model that is stored with other fields', async () => {
  changeReadModels('ALTER TABLE accounts_v2 RENAME COLUMN status TO standing');
  try {
    await withBank(async ({ app }) => {
      // It is known to be live a moment before it stops.
      const answer = async () => (await callsTo(app).get('/accounts')).json();
      await expect.poll(answer).toMatchObject({ status: 503, code: 'read-model-behind' });
    });
  } finally {
    changeReadModels('ALTER TABLE accounts_v2 RENAME COLUMN standing TO status');
  }
});

function changeReadModels(sql: string): void {
  const database = new DatabaseSync(join(directory.data, 'read-models.db'));
  database.exec(sql);
  database.close();
}

interface Bank {
  readonly documents: Readonly<Record<string, readonly Document[]>>;
  /** The first answer again, to a key that was used before. */
  readonly repeated: string;
}

const KEY = { 'Idempotency-Key': 'first-deposit' };
const FIRST_DEPOSIT = { amount: '10000.00', description: 'First deposit' };

let first = '';

/** Persons, accounts in two currencies, and more movements on one account than a snapshot waits for. */
async function moveMoney({ app }: FileBank): Promise<void> {
  const { post } = callsTo(app);
  const created = async (url: string, payload: object) => String((await post(url, payload)).json().id);
  const owner = await created('/persons', ALICE);
  first = await created('/accounts', { owner_id: owner, overdraft_limit: 500 });
  const second = await created('/accounts', { owner_id: owner });
  await created('/accounts', { owner_id: owner, currency: 'JPY' });
  const answers = [await post(`/accounts/${first}/deposit`, FIRST_DEPOSIT, KEY)];
  const transfer = { from_account_id: first, to_account_id: second, description: 'Rent' };
  for (let amount = 1; amount <= 120; amount++) {
    answers.push(await post('/transactions/transfer', { ...transfer, amount }));
    if (amount % 10 === 0) answers.push(await post(`/accounts/${second}/withdrawal`, { amount }));
  }
  for (const { statusCode, body } of answers) expect(statusCode, body).toBe(200);
}

async function looked({ app }: FileBank): Promise<Bank> {
  const { post, get } = callsTo(app);
  const head = (await app.inject({ url: '/health/ready' })).json().head;
  // It draws on the totals; the two others are read by it or beside it in one subscription.
  for (const url of [`/accounts/${first}`, `/accounts/${first}/transactions`, '/trial-balance']) {
    const response = await get(`${url}?min_position=${head}`);
    expect(response.statusCode, response.body).toBe(200);
  }
  return {
    documents: await allDocuments(),
    repeated: (await post(`/accounts/${first}/deposit`, FIRST_DEPOSIT, KEY)).body,
  };
}

async function allDocuments(): Promise<Bank['documents']> {
  const models = openSqliteReadModelReader({ directory: directory.data });
  const found: Record<string, Document[]> = {};
  for (const projection of projections) {
    const documents: Document[] = [];
    found[projection.name] = documents;
    let cursor: string | undefined;
    do {
      const page = await models.find(projection, { limit: 500, ...(cursor !== undefined && { cursor }) });
      documents.push(...page.documents);
      cursor = page.next;
    } while (cursor !== undefined);
  }
  await models.close();
  return found;
}

async function withBank<Result>(work: (bank: FileBank) => Promise<Result>): Promise<Result> {
  const bank = await openFileBank(directory);
  try {
    return await work(bank);
  } finally {
    await bank.close();
  }
}

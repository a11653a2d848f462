import { createOpenBankClient, OpenBankError } from '@openbank/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ALICE } from '../testing/calls.ts';
import { type MemoryBank, type MemoryBankOptions, openMemoryBank } from '../testing/memory-bank.ts';

let server: MemoryBank;
let url: string;
async function start(options: MemoryBankOptions = {}): Promise<void> {
  server = await openMemoryBank(options);
  url = await server.app.listen({ host: '127.0.0.1', port: 0 });
}
beforeEach(() => start());
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

it('moves money, and reads what it has written; a refusal has the code that the bank answered', async () => {
  vi.stubEnv('OPENBANK_URL', url);
  const bank = createOpenBankClient({ url: process.env.OPENBANK_URL ?? 'http://localhost:8899' });

  const { data: person } = await bank.post('/persons', {
    body: {
      first_name: 'Alice',
      last_name: 'Smith',
      date_of_birth: '1990-05-15',
      nationality: 'US',
      gender: 'FEMALE',
    },
  });
  const { data: account } = await bank.post('/accounts', {
    body: { owner_id: person.id, overdraft_limit: '500.00' },
  });
  await bank.post('/transactions/deposit', {
    body: { account_id: account.id, amount: '1000.00', description: 'Salary' },
    params: { header: { 'idempotency-key': 'salary-2026-09' } },
  });

  const { data: shown } = await bank.get('/accounts/{id}', { params: { path: { id: account.id } } });
  expect(shown.available_balance).toBe('1500.00');

  let refused: OpenBankError | undefined;
  try {
    await bank.post('/transactions/withdrawal', { body: { account_id: account.id, amount: '2000.00' } });
  } catch (error) {
    if (!(error instanceof OpenBankError) || error.code !== 'insufficient-funds') throw error;
    refused = error;
  }
  expect(refused?.errors).toEqual([{ field: 'amount', message: expect.any(String) }]);
  expect(refused?.outcomeUnknown).toBe(false);
});

describe('a call under one key', () => {
  it('is done once, whatever is repeated', async () => {
    const bank = createOpenBankClient({ url });
    const params = { header: { 'idempotency-key': 'person-1' } };
    const first = await bank.post('/persons', { body: ALICE, params });
    const again = await bank.post('/persons', { body: ALICE, params });
    expect(again).toMatchObject({ data: first.data, replayed: true, position: first.position });
    expect((await bank.get('/persons')).data.data).toHaveLength(1);
  });

  it('is repeated with it by the client itself where the answer was lost', async () => {
    let lost = 0;
    const bank = createOpenBankClient({
      url,
      async fetch(...call) {
        const response = await fetch(...call);
        // The bank has done it, and nobody hears of it.
        if (lost++ === 0) throw new TypeError('fetch failed');
        return response;
      },
    });
    const { data, replayed } = await bank.post('/persons', { body: ALICE });
    expect(replayed).toBe(true);
    expect((await bank.get('/persons')).data.data).toEqual([expect.objectContaining({ id: data.id })]);
  });
});

describe('a bank that is busy', () => {
  it('is asked again until it answers', async () => {
    await server.close();
    await start({ places: 1 });
    const bank = createOpenBankClient({ url, patience: 60_000, retries: 20 });
    const all = await Promise.all(Array.from({ length: 4 }, () => bank.post('/persons', { body: ALICE })));
    expect(new Set(all.map(({ data }) => data.id)).size).toBe(4);
  });
});

it('a read is not answered before it can show what was written', async () => {
  const bank = createOpenBankClient({ url, retries: 0 });
  await bank.get('/persons');
  await server.pauseProjections();
  await bank.post('/persons', { body: ALICE });
  await expect(bank.get('/persons')).rejects.toMatchObject({ code: 'read-model-behind', status: 503 });
  const careless = createOpenBankClient({ url, readYourWrites: false });
  expect((await careless.get('/persons')).data.data).toEqual([]);
});

it('a bank with a token is told it', async () => {
  await server.close();
  await start({ token: 'a-secret-of-this-bank' });
  const stranger = createOpenBankClient({ url });
  await expect(stranger.get('/persons')).rejects.toMatchObject({ code: 'unauthenticated', status: 401 });
  const bank = createOpenBankClient({ url, token: 'a-secret-of-this-bank' });
  expect((await bank.get('/persons')).data.data).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { createOpenBankClient, type OpenBankClientOptions } from './client.ts';
import { OpenBankError } from './open-bank-error.ts';

/** A client whose bank answers every call alike, and what it was sent. */
function clientOf(
  answer: () => Response,
  options: Partial<OpenBankClientOptions> = {},
): { readonly bank: ReturnType<typeof createOpenBankClient>; readonly sent: Request[] } {
  const sent: Request[] = [];
  const bank = createOpenBankClient({
    url: 'http://localhost:8899/',
    async fetch(input) {
      sent.push(new Request(input));
      return answer();
    },
    ...options,
  });
  return { bank, sent };
}

const booked = (position = '0000000000000042') =>
  Response.json({ id: 'a', balance: '1.00' }, { headers: { 'OpenBank-Position': position } });
const DEPOSIT = { body: { account_id: 'a', amount: '1.00' } } as const;

describe('a write', () => {
  it('is named by a key of its own', async () => {
    const { bank, sent } = clientOf(booked);
    await bank.post('/transactions/deposit', DEPOSIT);
    await bank.post('/transactions/deposit', DEPOSIT);
    const keys = sent.map(({ headers }) => headers.get('Idempotency-Key') ?? '');
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(keys).size).toBe(2);
    expect(sent[0]?.url).toBe('http://localhost:8899/api/v1/transactions/deposit');
  });

  it('keeps the key that the caller gives it', async () => {
    const { bank, sent } = clientOf(booked);
    const params = { header: { 'idempotency-key': 'invoice-4711' } };
    await bank.post('/transactions/deposit', { ...DEPOSIT, params });
    expect(sent[0]?.headers.get('Idempotency-Key')).toBe('invoice-4711');
  });

  it('answers the key that it was sent with, for what the answer leaves open', async () => {
    const { bank, sent } = clientOf(booked);
    const { key } = await bank.post('/transactions/deposit', DEPOSIT);
    expect(key).toBe(sent[0]?.headers.get('Idempotency-Key'));
    expect((await bank.get('/persons')).key).toBeUndefined();
  });

  it('keeps one key for all its tries', async () => {
    let tries = 0;
    const { bank, sent } = clientOf(() => (tries++ === 0 ? new Response('', { status: 503 }) : booked()));
    await bank.post('/transactions/deposit', DEPOSIT);
    const keys = sent.map(({ headers }) => headers.get('Idempotency-Key'));
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  it('answers what was recorded, where, and whether it was before', async () => {
    const { bank } = clientOf(() => {
      const answer = booked();
      answer.headers.set('Idempotency-Replayed', 'true');
      return answer;
    });
    expect(await bank.post('/transactions/deposit', DEPOSIT)).toMatchObject({
      data: { id: 'a', balance: '1.00' },
      position: '0000000000000042',
      replayed: true,
    });
  });

  it('fails with what the bank says', async () => {
    const body = { status: 422, code: 'insufficient-funds', detail: 'Not enough.' };
    const { bank } = clientOf(() => Response.json(body, { status: 422 }));
    const failed = bank.post('/transactions/deposit', DEPOSIT);
    await expect(failed).rejects.toThrow(OpenBankError);
    await expect(failed).rejects.toMatchObject({ ...body, errors: [], outcomeUnknown: false });
  });
});

describe('a read after a write', () => {
  const MIN = 'OpenBank-Min-Position';
  const ACCOUNT = { params: { path: { id: 'a' } } };

  it('waits for what was written', async () => {
    const { bank, sent } = clientOf(booked);
    await bank.get('/accounts/{id}', ACCOUNT);
    await bank.post('/transactions/deposit', DEPOSIT);
    await bank.get('/accounts/{id}', ACCOUNT);
    expect(sent.map(({ headers }) => headers.get(MIN))).toEqual([null, null, '0000000000000042']);
    expect(bank.position).toBe('0000000000000042');
  });

  it('waits for the latest write, in whatever order the answers came', async () => {
    const positions = ['0000000000000043', '0000000000000042'];
    const { bank } = clientOf(() => booked(positions.shift()));
    await bank.post('/transactions/deposit', DEPOSIT);
    await bank.post('/transactions/deposit', DEPOSIT);
    expect(bank.position).toBe('0000000000000043');
  });

  it('does not where it says itself what to wait for', async () => {
    const { bank, sent } = clientOf(booked);
    await bank.post('/transactions/deposit', DEPOSIT);
    await bank.get('/accounts/{id}', {
      params: { ...ACCOUNT.params, query: { min_position: '0000000000000007' } },
    });
    expect(sent[1]?.headers.get(MIN)).toBeNull();
  });

  it('does not where the client is told not to', async () => {
    const { bank, sent } = clientOf(booked, { readYourWrites: false });
    await bank.post('/transactions/deposit', DEPOSIT);
    await bank.get('/accounts/{id}', ACCOUNT);
    expect(sent[1]?.headers.get(MIN)).toBeNull();
  });
});

it.each([
  'http://localhost:8899',
  'http://localhost:8899/',
  'http://localhost:8899/api/v1',
  'http://localhost:8899/api/v1/',
])('finds the bank at %s', async (url) => {
  const { bank, sent } = clientOf(booked, { url });
  await bank.get('/persons');
  expect(sent[0]?.url).toBe('http://localhost:8899/api/v1/persons');
});

it('sends the token of the bank with every call', async () => {
  const { bank, sent } = clientOf(booked, { token: 'a-secret-of-the-bank' });
  await bank.get('/persons');
  expect(sent[0]?.headers.get('Authorization')).toBe('Bearer a-secret-of-the-bank');
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { ALICE, type Calls, callsTo } from '../calls.ts';
import type { OpenTestBank, TestBank } from '../test-bank.ts';

/** What a key promises, on any bank. */
export function idempotencySuite(open: OpenTestBank): void {
  let bank: TestBank;
  let calls: Calls;
  let account: string;
  beforeAll(async () => {
    bank = await open();
    calls = callsTo(bank.app);
    account = await calls.openAccount(await calls.registerAlice());
  });
  afterAll(() => bank.close());

  let keys = 0;
  const newKey = () => ({ 'Idempotency-Key': `key-${keys++}` });

  it('gives the first answer again to the same key and request', async () => {
    const key = newKey();
    const first = await calls.deposit(account, '5.00', key);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    await calls.deposit(account, '1.00');
    const again = await calls.deposit(account, '5.00', key);
    expect(again.statusCode).toBe(200);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.headers['openbank-position']).toBe(first.headers['openbank-position']);
    expect(again.body).toBe(first.body);
  });

  it.each([
    ['/persons', ALICE],
    ['/accounts', { overdraft_limit: 5 }],
  ])('does so for POST %s too, with status and location', async (url, fields) => {
    const key = newKey();
    const payload = url === '/accounts' ? { ...fields, owner_id: await calls.registerAlice() } : fields;
    const first = await calls.post(url, payload, key);
    const again = await calls.post(url, payload, key);
    expect(again.statusCode).toBe(201);
    expect(again.headers.location).toBe(first.headers.location);
    expect(again.body).toBe(first.body);
  });

  it('knows the same request in another spelling', async () => {
    const key = newKey();
    const first = await bank.app.inject({
      method: 'POST',
      url: `/api/v1/accounts/${account}/deposit`,
      headers: { ...key, 'content-type': 'application/json' },
      payload: '{"amount": 5.00, "description": "x"}',
    });
    const again = await calls.post(`/accounts/${account}/deposit`, { description: 'x', amount: 5 }, key);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toBe(first.body);
  });

  it('refuses the same key with another request', async () => {
    const key = newKey();
    await calls.deposit(account, '5.00', key);
    for (const other of [
      await calls.deposit(account, '6.00', key),
      await calls.post(`/accounts/${account}/deposit`, { amount: '5.00', description: 'Test' }, key),
      await calls.post('/persons', ALICE, key),
    ])
      expect(other.json()).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  });

  it('leaves a key free that was refused', async () => {
    const key = newKey();
    const refused = await calls.deposit('0'.repeat(32), 1, key);
    expect(refused.statusCode).toBe(404);
    const malformed = await calls.deposit(account, '1.234', key);
    expect(malformed.statusCode).toBe(400);
    const taken = await calls.deposit(account, 1, key);
    expect(taken.statusCode).toBe(200);
    expect(taken.headers['idempotency-replayed']).toBeUndefined();
  });

  it('has one effect and one answer when equal requests race', async () => {
    const racing = await calls.openAccount(await calls.registerAlice());
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 20 }, () => calls.deposit(racing, '7.00', key)));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(19);
    expect((await calls.deposit(racing, '1.00')).json().balance).toBe('8.00');
  });
}

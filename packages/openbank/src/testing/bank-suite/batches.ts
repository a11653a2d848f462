import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Calls, callsTo } from '../calls.ts';
import type { OpenTestBank, TestBank } from '../test-bank.ts';

/** Many transactions in one call, together or each by itself, on any bank. */
export function batchesSuite(open: OpenTestBank): void {
  let bank: TestBank;
  let calls: Calls;
  let owner: string;
  let a: string;
  let b: string;
  beforeAll(async () => {
    bank = await open();
    calls = callsTo(bank.app);
    owner = await calls.registerAlice();
  });
  beforeEach(async () => {
    [a, b] = [await calls.openAccount(owner), await calls.openAccount(owner)];
  });
  afterAll(() => bank.close());

  const batch = (mode: string, items: readonly object[], headers = {}) =>
    calls.post('/transactions/batch', { mode, items }, headers);
  const deposit = (amount: string, account_id = a) => ({ type: 'deposit', account_id, amount });
  const transfer = (amount: string, more: object = {}) => ({
    ...{ type: 'transfer', from_account_id: a, to_account_id: b, amount },
    ...more,
  });
  const balanceOf = async (account: string) => (await calls.deposit(account, '1.00')).json().balance;

  it('records all items of an atomic one, each on what those before it leave', async () => {
    const done = await batch('atomic', [
      deposit('10.00'),
      transfer('8.00', { fee: '0.50' }),
      { type: 'withdrawal', account_id: b, amount: '8.00' },
      { type: 'interest', account_id: b, amount: '0.25', period: '2026' },
      { type: 'fee', account_id: a, amount: '1.50' },
    ]);
    expect(done.statusCode).toBe(200);
    const { mode, items } = done.json();
    expect(mode).toBe('atomic');
    const each = { status: 'done' };
    expect(items).toMatchObject([
      { ...each, index: 0, id: a, balance: '10.00', transaction: { type: 'DEPOSIT' } },
      { ...each, index: 1, id: a, balance: '1.50', fee: { type: 'FEE', amount: '0.50' } },
      { ...each, index: 2, id: b, balance: '0.00', transaction: { type: 'WITHDRAWAL' } },
      { ...each, index: 3, id: b, balance: '0.25', transaction: { type: 'INTEREST', period: '2026' } },
      { ...each, index: 4, id: a, balance: '0.00', transaction: { type: 'FEE', charged_for: null } },
    ]);
    expect(items[1].fee.charged_for).toBe(items[1].transaction.id);
    const position = done.headers['openbank-position'];
    for (const { transaction } of items) {
      const shown = await calls.get(`/transactions/${transaction.id}?min_position=${position}`);
      expect(shown.json()).toEqual(transaction);
    }
  });

  it('records nothing of an atomic one of which an item is refused, and names the item', async () => {
    const key = { 'Idempotency-Key': `atomic-${a}` };
    const items = [deposit('10.00'), transfer('10.01')];
    expect((await batch('atomic', items, key)).json()).toMatchObject({
      status: 422,
      code: 'insufficient-funds',
      detail: expect.stringMatching(/^Item 1: /),
      errors: [{ field: 'items.1.amount' }],
    });
    expect([await balanceOf(a), await balanceOf(b)]).toEqual(['1.00', '1.00']);
    expect((await batch('atomic', [deposit('10.00'), transfer('10.00')], key)).statusCode).toBe(200);
  });

  it('gives the first answer again to an atomic one with its key, and refuses another one', async () => {
    const key = { 'Idempotency-Key': `again-${a}` };
    const first = await batch('atomic', [deposit('10.00'), transfer('3.00')], key);
    const again = await batch('atomic', [deposit('10.00'), transfer('3.00')], key);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toBe(first.body);
    const other = await batch('atomic', [deposit('10.00'), transfer('4.00')], key);
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    expect(await balanceOf(a)).toBe('8.00');
  });

  it('records each item of an independent one by itself, in their order', async () => {
    const done = await batch('independent', [
      { type: 'withdrawal', account_id: a, amount: '1.00' },
      deposit('5.00'),
      transfer('5.00'),
      transfer('0.01'),
      { type: 'withdrawal', account_id: b, amount: '5.00' },
      deposit('1.00', '0'.repeat(32)),
    ]);
    expect(done.statusCode).toBe(200);
    expect(done.json().items).toMatchObject([
      { index: 0, status: 'refused', replayed: false, problem: { status: 422, code: 'insufficient-funds' } },
      { index: 1, status: 'done', replayed: false, id: a, balance: '5.00' },
      { index: 2, status: 'done', id: a, balance: '0.00', fee: null },
      { index: 3, status: 'refused', problem: { errors: [{ field: 'amount' }] } },
      { index: 4, status: 'done', id: b, balance: '0.00' },
      { index: 5, status: 'refused', problem: { status: 404, code: 'account-not-found' } },
    ]);
  });

  it('repeats what was done of an independent one, and decides again what was refused', async () => {
    const key = { 'Idempotency-Key': `parts-${a}` };
    const items = [deposit('5.00'), { type: 'withdrawal', account_id: b, amount: '2.00' }];
    const first = (await batch('independent', items, key)).json().items;
    expect(first).toMatchObject([{ status: 'done' }, { status: 'refused' }]);
    await calls.deposit(b, '3.00');
    const second = (await batch('independent', items, key)).json().items;
    expect(second).toMatchObject([
      { ...first[0], replayed: true },
      { index: 1, status: 'done', replayed: false, balance: '1.00' },
    ]);
    const third = (await batch('independent', items, key)).json().items;
    expect(third).toEqual([second[0], { ...second[1], replayed: true }]);
  });

  it('takes the longest key for a call of independent items, and finds each again', async () => {
    const longest = a.padEnd(255, 'k');
    const key = { 'Idempotency-Key': longest };
    const done = await batch('independent', [deposit('1.00'), deposit('2.00')], key);
    for (const { index, transaction } of done.json().items) {
      const found = await calls.get(`/transactions?idempotency_key=${longest}/${index}`);
      expect(found.json().data).toEqual([transaction]);
    }
  });
}

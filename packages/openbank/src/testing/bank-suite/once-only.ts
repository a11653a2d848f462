import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Calls, callsTo } from '../calls.ts';
import type { OpenTestBank, TestBank } from '../test-bank.ts';

/** What is done once, whoever asks for it and however often: interest for a period, a reversal. On any bank. */
export function onceOnlySuite(open: OpenTestBank): void {
  let bank: TestBank;
  let calls: Calls;
  let owner: string;
  beforeAll(async () => {
    bank = await open();
    calls = callsTo(bank.app);
    owner = await calls.registerAlice();
  });
  afterAll(() => bank.close());

  const interest = (account_id: string, period: string, headers = {}) =>
    calls.post('/transactions/interest', { account_id, amount: '2.50', period }, headers);
  const reverse = (id: string, headers = {}) => calls.post(`/transactions/${id}/reversal`, {}, headers);
  const balanceOf = async (account: string) => (await calls.deposit(account, '1.00')).json().balance;

  it('interest is paid once for a period, and for every other one', async () => {
    const account = await calls.openAccount(owner);
    expect((await interest(account, '2026-09')).json()).toMatchObject({ id: account, balance: '2.50' });
    expect((await interest(account, '2026-09')).json()).toMatchObject({
      status: 422,
      code: 'interest-already-recorded',
      errors: [{ field: 'period' }],
    });
    for (const period of ['2026-Q3', '2026', '2026-09-30', '2026-10'])
      expect((await interest(account, period)).statusCode).toBe(200);
    expect(await balanceOf(account)).toBe('13.50');
  });

  it('interest that several ask for at once is paid once', async () => {
    const account = await calls.openAccount(owner);
    const keys = [{}, {}, { 'Idempotency-Key': `a-${account}` }, { 'Idempotency-Key': `b-${account}` }];
    const answers = await Promise.all(keys.map((key) => interest(account, '2026', key)));
    const codes = answers.map((answer) => answer.json().code).filter((code) => code !== undefined);
    expect(codes).toEqual(Array.from({ length: 3 }, () => 'interest-already-recorded'));
    expect(await balanceOf(account)).toBe('3.50');
  });

  it('interest repeated with its key is answered the first time again, not refused', async () => {
    const account = await calls.openAccount(owner);
    const key = { 'Idempotency-Key': `interest-${account}` };
    const first = await interest(account, '2026', key);
    const again = await interest(account, '2026', key);
    expect(again.statusCode).toBe(200);
    expect(again.body).toBe(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('a transfer is taken back on both accounts, once, and both name each other', async () => {
    const [from, to] = [await calls.openAccount(owner), await calls.openAccount(owner)];
    await calls.deposit(from, '10.00');
    const body = { from_account_id: from, to_account_id: to, amount: '7.00' };
    const { transaction } = (await calls.post('/transactions/transfer', body)).json();
    const reversed = await reverse(transaction.id);
    expect(reversed.json()).toMatchObject({
      id: to,
      balance: '0.00',
      transaction: {
        type: 'REVERSAL',
        amount: '7.00',
        from_account_id: to,
        to_account_id: from,
        reverses: transaction.id,
        reversed_by: null,
      },
    });
    const position = String(reversed.headers['openbank-position']);
    const original = await calls.get(`/transactions/${transaction.id}?min_position=${position}`);
    expect(original.json()).toEqual({ ...transaction, reversed_by: reversed.json().transaction.id });
    expect((await reverse(transaction.id)).json()).toMatchObject({ status: 422, code: 'already-reversed' });
    expect([await balanceOf(from), await balanceOf(to)]).toEqual(['11.00', '1.00']);
  });

  it('a reversal that several ask for at once is done once', async () => {
    const account = await calls.openAccount(owner);
    const { id } = (await calls.deposit(account, '5.00')).json().transaction;
    await calls.deposit(account, '100.00');
    const answers = await Promise.all(
      [{}, {}, { 'Idempotency-Key': `r-${account}` }].map((key) => reverse(id, key)),
    );
    const codes = answers.map((answer) => answer.json().code).filter((code) => code !== undefined);
    expect(codes).toEqual(['already-reversed', 'already-reversed']);
    expect(await balanceOf(account)).toBe('101.00');
  });

  it('leaves books that are zero, with fees and interest on their own accounts', async () => {
    const account = await calls.openAccount(owner, { currency: 'EUR' });
    await calls.deposit(account, '100.00');
    await interest(account, '2026');
    const fee = await calls.post('/transactions/fee', { account_id: account, amount: '0.75' });
    expect(fee.json()).toMatchObject({ balance: '101.75', transaction: { type: 'FEE' } });
    const books = await calls.get(`/trial-balance?min_position=${fee.headers['openbank-position']}`);
    const euros = books.json().currencies.find((each: { currency: string }) => each.currency === 'EUR');
    expect(euros).toEqual({
      currency: 'EUR',
      accounts: [
        { account: 'cash', balance: '-100.00' },
        { account: 'customers', balance: '101.75' },
        { account: 'fee-income', balance: '0.75' },
        { account: 'interest-expense', balance: '-2.50' },
      ],
      total: '0.00',
    });
  });
}

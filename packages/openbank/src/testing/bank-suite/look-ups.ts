import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ALICE, type Calls, callsTo } from '../calls.ts';
import type { OpenTestBank, TestBank } from '../test-bank.ts';

/** What the log itself tells: what a key has recorded, and the history of an account. On any bank. */
export function lookUpsSuite(open: OpenTestBank): void {
  let bank: TestBank;
  let calls: Calls;
  let owner: string;
  let account: string;
  beforeAll(async () => {
    bank = await open();
    calls = callsTo(bank.app);
    owner = await calls.registerAlice();
  });
  beforeEach(async () => {
    account = await calls.openAccount(owner);
  });
  afterAll(() => bank.close());

  const keyed = (name: string) => ({ 'Idempotency-Key': `${name}-${account}` });
  const byKey = async (name: string, more = '') => {
    const answer = await calls.get(`/transactions?idempotency_key=${name}-${account}${more}`);
    expect(answer.json().page).toEqual({ next: null, has_more: false });
    return answer.json().data;
  };

  it('a key finds the transaction of its call, as it was answered', async () => {
    const deposited = await calls.deposit(account, '5.00', keyed('deposit'));
    expect(await byKey('deposit')).toEqual([deposited.json().transaction]);
  });

  it('a key finds a transfer once, and its fee', async () => {
    await calls.deposit(account, '5.00');
    const other = await calls.openAccount(owner);
    const body = { from_account_id: account, to_account_id: other, amount: '4.00', fee: '0.10' };
    const { transaction, fee } = (await calls.post('/transactions/transfer', body, keyed('pay'))).json();
    expect(await byKey('pay')).toEqual([transaction, fee]);
  });

  it('a key finds all of an atomic batch', async () => {
    const items = [1, 2, 3].map((amount) => ({ type: 'deposit', account_id: account, amount }));
    const done = await calls.post('/transactions/batch', { mode: 'atomic', items }, keyed('batch'));
    const booked = done.json().items.map(({ transaction }: { transaction: object }) => transaction);
    expect(await byKey('batch')).toEqual(booked);
  });

  it('a key finds a reversal, and by then that its transaction is reversed', async () => {
    const { id } = (await calls.deposit(account, '5.00', keyed('in'))).json().transaction;
    const reversed = await calls.post(`/transactions/${id}/reversal`, {}, keyed('back'));
    const { transaction } = reversed.json();
    expect(await byKey('back')).toEqual([transaction]);
    const position = reversed.headers['openbank-position'];
    expect(await byKey('in', `&min_position=${position}`)).toMatchObject([
      { id, reversed_by: transaction.id },
    ]);
  });

  it('a key of nothing, of a refused call and of what is no transaction finds none', async () => {
    expect((await calls.deposit(account, '0', keyed('refused'))).statusCode).toBe(400);
    await calls.post(`/accounts/${account}/withdrawal`, { amount: 1 }, keyed('refused'));
    await calls.post('/persons', ALICE, keyed('person'));
    await calls.post('/accounts', { owner_id: owner }, keyed('account'));
    await calls.post(`/accounts/${account}/freeze`, {}, keyed('freeze'));
    for (const name of ['never', 'refused', 'person', 'account', 'freeze'])
      expect(await byKey(name)).toEqual([]);
  });

  it('the events of an account are its history, page by page', async () => {
    await calls.deposit(account, '5.00', { 'X-Correlation-Id': 'checkout-8812' });
    await calls.post(`/accounts/${account}/freeze`, {});
    await calls.post(`/accounts/${account}/unfreeze`, {});
    const pages: { readonly data: readonly Record<string, unknown>[] }[] = [];
    let next = '';
    do {
      const page = (await calls.get(`/accounts/${account}/events?limit=3${next}`)).json();
      pages.push(page);
      next = page.page.has_more ? `&cursor=${page.page.next}` : '';
    } while (next !== '');
    expect(pages.map(({ data }) => data.length)).toEqual([3, 1]);
    const events = pages.flatMap(({ data }) => data);
    expect(events.map(({ revision, type }) => [revision, type])).toEqual([
      [0, 'BankAccountCreatedDomainEventV1'],
      [1, 'BankAccountTransactionRecordedDomainEventV1'],
      [2, 'BankAccountFrozenDomainEventV1'],
      [3, 'BankAccountUnfrozenDomainEventV1'],
    ]);
    expect(events[1]).toMatchObject({
      personal: { description: 'Test' },
      data: { balance: '5.00', currency: 'USD', transaction: { type: 'DEPOSIT', amount: '5.00' } },
      metadata: { correlation_id: 'checkout-8812' },
    });
    expect(events.map(({ personal }) => personal)).toEqual([null, { description: 'Test' }, null, null]);
    const positions = events.map(({ position }) => String(position));
    expect(positions.toSorted()).toEqual(positions);
    expect(new Set(events.map(({ link }) => link)).size).toBe(4);
  });
}

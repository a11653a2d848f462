import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';
import { PLAIN_TRANSACTION } from '../testing/plain-transaction.ts';

let bank: MemoryBank;
let calls: Calls;
let owner: string;
let account: string;
let other: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
  owner = await calls.registerAlice();
});
/** The account has 10.00. */
beforeEach(async () => {
  [account, other] = [await calls.openAccount(owner), await calls.openAccount(owner)];
  await calls.deposit(account, '10.00');
});
afterAll(() => bank.close());

const ID = expect.stringMatching(/^[0-9a-f]{32}$/);
const charge = (fields: object = {}, headers = {}) =>
  calls.post('/transactions/fee', { account_id: account, amount: '1.50', ...fields }, headers);
const transfer = (fields: object = {}, headers = {}) =>
  calls.post(
    '/transactions/transfer',
    { from_account_id: account, to_account_id: other, amount: '8.00', fee: '1.25', ...fields },
    headers,
  );

describe('a fee', () => {
  it('goes from the account into the income of the bank', async () => {
    const charged = await charge({ description: 'Card' });
    expect(charged.json()).toEqual({
      id: account,
      balance: '8.50',
      transaction: {
        id: ID,
        type: 'FEE',
        amount: '1.50',
        currency: 'USD',
        from_account_id: account,
        to_account_id: null,
        description: 'Card',
        ...PLAIN_TRANSACTION,
      },
    });
  });

  it('is charged once under its key', async () => {
    const key = { 'Idempotency-Key': `fee-${account}` };
    const first = await charge({}, key);
    const again = await charge({}, key);
    expect(again.body).toBe(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await charge({ amount: 2 }, key)).json()).toMatchObject({ code: 'idempotency-key-reused' });
  });

  it('is refused where there is not enough, no account, or one that pays nothing', async () => {
    expect((await charge({ amount: '10.01' })).json()).toMatchObject({
      status: 422,
      code: 'insufficient-funds',
      errors: [{ field: 'amount' }],
    });
    expect((await charge({ account_id: '0'.repeat(32) })).json()).toMatchObject({
      status: 404,
      errors: [{ field: 'account_id' }],
    });
    expect((await charge({}, { 'If-Match': '"0"' })).json()).toMatchObject({ status: 412 });
    await calls.post(`/accounts/${account}/freeze`, { status: 'FROZEN_DEBIT' });
    expect((await charge()).json()).toMatchObject({ status: 422, code: 'account-frozen' });
    await calls.post(`/accounts/${other}/close`, {});
    expect((await charge({ account_id: other })).json()).toMatchObject({ code: 'account-closed' });
  });

  it.each([
    ['amount', undefined],
    ['amount', '-1'],
    ['amount', 0],
    ['amount', '1.005'],
    ['system_account', 'cash'],
  ])('is refused with %s %j', async (field, value) => {
    const answer = await charge({ [field]: value });
    expect(answer.json()).toMatchObject({ status: 400, code: 'malformed', errors: [{ field }] });
  });
});

describe('a transfer with a fee', () => {
  it('answers both, and the balance after both', async () => {
    const done = await transfer({ description: 'Rent', reference: 'rent-5', value_date: '2026-01-02' });
    expect(done.statusCode).toBe(200);
    const { transaction, fee, ...booked } = done.json();
    expect(booked).toEqual({ id: account, balance: '0.75' });
    expect(transaction).toMatchObject({ amount: '8.00', reference: 'rent-5', charged_for: null });
    expect(fee).toEqual({
      id: ID,
      type: 'FEE',
      amount: '1.25',
      currency: 'USD',
      from_account_id: account,
      to_account_id: null,
      description: null,
      ...PLAIN_TRANSACTION,
      value_date: '2026-01-02',
      charged_for: transaction.id,
    });
    expect(fee.id).not.toBe(transaction.id);
  });

  it('is one commit, which both can be read of', async () => {
    const done = await transfer();
    const at = `min_position=${done.headers['openbank-position']}`;
    const { transaction, fee } = done.json();
    for (const each of [transaction, fee])
      expect((await calls.get(`/transactions/${each.id}?${at}`)).json()).toEqual(each);
    const lines = (await calls.get(`/accounts/${account}/transactions?limit=2&${at}`)).json().data;
    expect(lines).toMatchObject([
      { transaction_id: fee.id, type: 'FEE', amount: '-1.25', balance: '0.75' },
      { transaction_id: transaction.id, type: 'TRANSFER', amount: '-8.00', balance: '2.00' },
    ]);
    const { data } = (await calls.get(`/accounts/${account}/events`)).json();
    const commits = data
      .slice(-2)
      .map((event: { metadata: { commit_id: string } }) => event.metadata.commit_id);
    expect(new Set(commits).size).toBe(1);
  });

  it('is refused as a whole where there is enough for the transfer alone', async () => {
    const answer = await transfer({ fee: '2.01' });
    expect(answer.json()).toMatchObject({ status: 422, code: 'insufficient-funds' });
    expect((await calls.deposit(account, '1.00')).json().balance).toBe('11.00');
    expect((await calls.deposit(other, '1.00')).json().balance).toBe('1.00');
  });

  it.each([0, '0', '0.00', -1, '-0.01', '1.005', 1e20, 'NaN', '1e1', '', null, true, '٣'])(
    'does not take the fee %j',
    async (fee) => {
      const answer = await transfer({ fee });
      expect(answer.json()).toMatchObject({ status: 400, code: 'malformed', errors: [{ field: 'fee' }] });
    },
  );

  it('takes a fee as a number too, and gives the first answer again under its key', async () => {
    const key = { 'Idempotency-Key': `with-fee-${account}` };
    const first = await transfer({ fee: 1.25 }, key);
    const again = await transfer({ fee: 1.25 }, key);
    expect(again.body).toBe(first.body);
    expect((await transfer({ fee: 1.24 }, key)).json()).toMatchObject({ code: 'idempotency-key-reused' });
  });
});

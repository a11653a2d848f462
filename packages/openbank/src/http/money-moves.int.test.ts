import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Calls, callsTo, type Headers } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';
import { PLAIN_TRANSACTION } from '../testing/plain-transaction.ts';

let bank: MemoryBank;
let calls: Calls;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
});
afterAll(() => bank.close());

const ID = expect.stringMatching(/^[0-9a-f]{32}$/);
const NOBODY = '0'.repeat(32);

let alice: string;
/** Alice's has 100.00 and an overdraft of 5.00, the other one of somebody else has nothing. */
let account: string;
let other: string;
beforeEach(async () => {
  alice = await calls.registerAlice();
  account = await calls.openAccount(alice, { overdraft_limit: '5.00' });
  other = await calls.openAccount(await calls.registerAlice());
  await calls.deposit(account, '100.00');
});

const withdraw = (amount: string | number, headers?: Headers) =>
  calls.post('/transactions/withdrawal', { account_id: account, amount, description: 'Cash' }, headers);

const transfer = (amount: string | number, headers?: Headers, fields: object = {}) =>
  calls.post(
    '/transactions/transfer',
    { from_account_id: account, to_account_id: other, amount, description: 'Rent of May', ...fields },
    headers,
  );

async function shown(id: string, position: unknown) {
  return (await calls.get(`/accounts/${id}?min_position=${position}`)).json();
}

it('withdraws money and shows the balance', async () => {
  const withdrawn = await withdraw(30.0);
  expect(withdrawn.statusCode).toBe(200);
  expect(withdrawn.json()).toEqual({
    id: account,
    balance: '70.00',
    transaction: {
      id: ID,
      type: 'WITHDRAWAL',
      amount: '30.00',
      currency: 'USD',
      from_account_id: account,
      to_account_id: null,
      description: 'Cash',
      ...PLAIN_TRANSACTION,
    },
  });
  expect(await shown(account, withdrawn.headers['openbank-position'])).toMatchObject({
    balance: '70.00',
    available_balance: '75.00',
    last_modified: withdrawn.json().transaction.booked_at,
  });
});

it('answers the other withdrawal route alike', async () => {
  const withdrawn = await calls.post(`/accounts/${account}/withdrawal`, { amount: '105.00' });
  expect(withdrawn.statusCode).toBe(200);
  expect(withdrawn.json()).toMatchObject({
    id: account,
    balance: '-5.00',
    transaction: { description: null, from_account_id: account },
  });
});

it('transfers money, answers who pays, and shows both balances', async () => {
  const transferred = await transfer('104.99');
  expect(transferred.statusCode).toBe(200);
  expect(transferred.json()).toEqual({
    id: account,
    balance: '-4.99',
    transaction: {
      id: ID,
      type: 'TRANSFER',
      amount: '104.99',
      currency: 'USD',
      from_account_id: account,
      to_account_id: other,
      description: 'Rent of May',
      ...PLAIN_TRANSACTION,
    },
    fee: null,
  });
  const position = transferred.headers['openbank-position'];
  expect(await shown(account, position)).toMatchObject({ balance: '-4.99', available_balance: '0.01' });
  expect(await shown(other, position)).toMatchObject({ balance: '104.99' });
});

it.each([
  ['withdrawal', () => withdraw('105.01')],
  ['transfer', () => transfer('105.01')],
])('refuses a %s of more than there is, changes nothing and leaves the key free', async (_, refused) => {
  const answer = await refused();
  expect(answer.statusCode).toBe(422);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.json()).toMatchObject({
    code: 'insufficient-funds',
    errors: [{ field: 'amount', message: 'must not be more than the available balance' }],
  });
  const left = await withdraw('105.00');
  expect(left.json()).toMatchObject({ balance: '-5.00' });
});

it.each([
  ['withdrawal', withdraw],
  ['transfer', transfer],
])('repeats a %s with its key: one effect, the first answer again', async (name, move) => {
  const key = { 'Idempotency-Key': `move-${name}` };
  const first = await move('100.00', key);
  const again = await move('100.00', key);
  expect(again.statusCode).toBe(200);
  expect(again.body).toBe(first.body);
  expect(again.headers['idempotency-replayed']).toBe('true');
  expect(again.headers['openbank-position']).toBe(first.headers['openbank-position']);
  expect((await move('99.00', key)).json()).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  expect((await withdraw('5.00')).json()).toMatchObject({ balance: '-5.00' });
});

it.each([
  ['from_account_id', () => transfer(1, {}, { from_account_id: NOBODY })],
  ['to_account_id', () => transfer(1, {}, { to_account_id: NOBODY })],
  ['account_id', () => calls.post(`/transactions/withdrawal`, { account_id: NOBODY, amount: 1 })],
])('names the account that is not there: %s', async (field, call) => {
  expect((await call()).json()).toMatchObject({
    status: 404,
    code: 'account-not-found',
    errors: [{ field, message: 'no account has this id' }],
  });
});

it('refuses a transfer of an account to itself', async () => {
  const answer = await transfer(1, { 'Idempotency-Key': 'itself' }, { to_account_id: account });
  expect(answer.json()).toMatchObject({
    status: 422,
    code: 'same-account',
    errors: [{ field: 'to_account_id' }],
  });
});

it('refuses a transfer into another currency', async () => {
  const yen = await calls.openAccount(alice, { currency: 'JPY' });
  const answer = await transfer(1, {}, { to_account_id: yen });
  expect(answer.json()).toMatchObject({
    status: 422,
    code: 'currency-mismatch',
    errors: [{ field: 'to_account_id' }],
  });
});

it('takes If-Match of a transfer for the account that pays', async () => {
  const stale = await transfer(1, { 'If-Match': '"0"' });
  expect(stale.json()).toMatchObject({ status: 412, code: 'precondition-failed' });
  const accepted = await transfer(1, { 'If-Match': '"1"' });
  expect(accepted.json()).toMatchObject({ balance: '99.00' });
});

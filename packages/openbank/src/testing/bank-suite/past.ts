import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Calls, callsTo } from '../calls.ts';
import type { OpenTestBank, TestBank } from '../test-bank.ts';

/** What was there at a moment of the past, on any bank that is empty before. */
export function pastSuite(open: OpenTestBank): void {
  let bank: TestBank;
  let calls: Calls;
  let owner: string;
  let account: string;
  let later: string;
  let transaction: { readonly id: string; readonly booked_at: string };
  /** Where the log was after the owner, the account, 10.00, a transfer of 4.00, its reversal, another name, freezing. */
  let at: Readonly<
    Record<'owner' | 'account' | 'deposit' | 'transfer' | 'reversal' | 'name' | 'frozen', string>
  >;

  const positionOf = (answer: { headers: Record<string, unknown> }) =>
    String(answer.headers['openbank-position']);

  beforeAll(async () => {
    bank = await open();
    calls = callsTo(bank.app);
    const person = { first_name: 'Alice', last_name: 'Smith', date_of_birth: '1990-05-15' };
    const registered = await calls.post('/persons', { ...person, nationality: 'US', gender: 'FEMALE' });
    owner = registered.json().id;
    const opened = await calls.post('/accounts', { owner_id: owner });
    account = opened.json().id;
    const deposited = await calls.deposit(account, '10.00');
    later = await calls.openAccount(owner);
    const body = { from_account_id: account, to_account_id: later, amount: '4.00' };
    const transferred = await calls.post('/transactions/transfer', body);
    transaction = transferred.json().transaction;
    const reversed = await calls.post(`/transactions/${transaction.id}/reversal`, {});
    const url = `/api/v1/persons/${owner}`;
    const named = await bank.app.inject({ method: 'PATCH', url, payload: { last_name: 'Jones' } });
    const frozen = await calls.post(`/accounts/${account}/freeze`, { status: 'FROZEN_DEBIT' });
    at = {
      owner: positionOf(registered),
      account: positionOf(opened),
      deposit: positionOf(deposited),
      transfer: positionOf(transferred),
      reversal: positionOf(reversed),
      name: positionOf(named),
      frozen: positionOf(frozen),
    };
  });
  afterAll(() => bank.close());

  const asOf = async (path: string, position: string) => {
    const answer = await calls.get(`${path}?as_of_position=${position}`);
    if (answer.statusCode === 200) expect(answer.headers['openbank-as-of-position']).toBe(position);
    return answer;
  };

  it('an account had the balance, the status and the owner of then', async () => {
    const shown = async (position: string) => (await asOf(`/accounts/${account}`, position)).json();
    expect(await shown(at.owner)).toMatchObject({ status: 404, code: 'account-not-found' });
    const smith = { owner: 'Alice Smith', status: 'OPEN' };
    expect(await shown(at.account)).toMatchObject({ ...smith, balance: '0.00' });
    expect(await shown(at.deposit)).toMatchObject({ ...smith, balance: '10.00' });
    expect(await shown(at.transfer)).toMatchObject({ ...smith, balance: '6.00' });
    expect(await shown(at.reversal)).toMatchObject({ ...smith, balance: '10.00' });
    expect(await shown(at.name)).toMatchObject({ owner: 'Alice Jones', status: 'OPEN' });
    expect(await shown(at.frozen)).toMatchObject({ owner: 'Alice Jones', status: 'FROZEN_DEBIT' });
  });

  it('a person had the accounts that were opened by then', async () => {
    const ids = async (position: string) =>
      (await asOf(`/accounts/by-owner/${owner}`, position)).json().map(({ id }: { id: string }) => id);
    expect(await ids(at.owner)).toEqual([]);
    expect(await ids(at.deposit)).toEqual([account]);
    expect(await ids(at.frozen)).toEqual([account, later]);
  });

  it('a statement had the lines of then', async () => {
    const lines = async (position: string) =>
      (await asOf(`/accounts/${account}/transactions`, position))
        .json()
        .data.map(({ amount }: { amount: string }) => amount);
    expect(await lines(at.account)).toEqual([]);
    expect(await lines(at.transfer)).toEqual(['-4.00', '10.00']);
    expect(await lines(at.frozen)).toEqual(['4.00', '-4.00', '10.00']);
  });

  it('a transaction was not there before it was booked, and not reversed before it was', async () => {
    const path = `/transactions/${transaction.id}`;
    expect((await asOf(path, at.deposit)).json()).toMatchObject({ code: 'transaction-not-found' });
    expect((await asOf(path, at.transfer)).json()).toEqual(transaction);
    const reversed_by = expect.stringMatching(/^[0-9a-f]{32}$/);
    expect((await asOf(path, at.reversal)).json()).toEqual({ ...transaction, reversed_by });
  });

  it('the books were zero, and hold nothing before the first entry', async () => {
    expect((await asOf('/trial-balance', at.account)).json()).toMatchObject({ code: 'nothing-booked' });
    const accounts = [
      { account: 'cash', balance: '-10.00' },
      { account: 'customers', balance: '10.00' },
    ];
    const then = (await asOf('/trial-balance', at.deposit)).json();
    expect(then.currencies).toEqual([{ currency: 'USD', accounts, total: '0.00' }]);
    const moved = (await asOf('/trial-balance', at.transfer)).json();
    expect(moved.currencies[0].accounts).toContainEqual({ account: 'transfers', balance: '0.00' });
  });

  it('of half a transfer nothing is shown', async () => {
    const { data } = (await calls.get(`/accounts/${account}/events`)).json();
    const half = data.find(
      ({ data: { transaction: told } }: { data: { transaction?: { id: string } } }) =>
        told?.id === transaction.id,
    ).position;
    expect(half < at.transfer).toBe(true);
    expect((await asOf(`/accounts/${account}`, half)).json()).toMatchObject({ balance: '10.00' });
    expect((await asOf(`/transactions/${transaction.id}`, half)).statusCode).toBe(404);
    expect((await asOf('/trial-balance', half)).json().currencies[0].accounts).toHaveLength(2);
  });

  it('a time shows what was booked at it, and one microsecond before does not', async () => {
    const deposited = await calls.deposit(later, '7.00');
    const { booked_at: time } = deposited.json().transaction;
    const micros = Number(time.slice(20, 26));
    const shown = async (moment: string) => {
      const answer = await calls.get(`/accounts/${later}?as_of=${moment}`);
      return [answer.json().balance, answer.headers['openbank-as-of-position'] === positionOf(deposited)];
    };
    expect(await shown(time)).toEqual(['7.00', true]);
    const before = `${time.slice(0, 20)}${String(micros - 1).padStart(6, '0')}Z`;
    if (micros > 0) expect(await shown(before)).toEqual(['0.00', false]);
  });

  it('a transfer is there at the time that its answer names, on both of its accounts', async () => {
    await calls.deposit(later, '1.00');
    const sides = { from_account_id: later, to_account_id: account, amount: '1.00' };
    const { id, booked_at: time } = (await calls.post('/transactions/transfer', sides)).json().transaction;
    for (const path of [`/transactions/${id}`, `/accounts/${later}`, `/accounts/${account}`])
      expect((await calls.get(`${path}?as_of=${time}`)).statusCode, path).toBe(200);
    const lines = (await calls.get(`/accounts/${account}/transactions?as_of=${time}&limit=1`)).json().data;
    expect(lines).toMatchObject([{ transaction_id: id, amount: '1.00' }]);
  });

  it('stays the same to the byte whatever is written later', async () => {
    const paths = [
      `/accounts/${account}`,
      `/accounts/by-owner/${owner}`,
      `/accounts/${account}/transactions`,
      `/transactions/${transaction.id}`,
      '/trial-balance',
    ];
    const all = () => Promise.all(paths.map(async (path) => (await asOf(path, at.transfer)).body));
    const first = await all();
    await calls.deposit(account, '99.00');
    await calls.openAccount(owner);
    expect(await all()).toEqual(first);
  });
}

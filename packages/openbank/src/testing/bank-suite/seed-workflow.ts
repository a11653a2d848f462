import { afterAll, beforeAll, expect, it } from 'vitest';
import { ALICE, type Calls, callsTo } from '../calls.ts';
import { PLAIN_TRANSACTION } from '../plain-transaction.ts';
import type { OpenTestBank, TestBank } from '../test-bank.ts';

/** The calls of the seed, as it prints them, on any bank. */
export function seedWorkflowSuite(open: OpenTestBank): void {
  let bank: TestBank;
  let calls: Calls;
  beforeAll(async () => {
    bank = await open();
    calls = callsTo(bank.app);
  });
  afterAll(() => bank.close());

  const ID = expect.stringMatching(/^[0-9a-f]{32}$/);
  const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);

  it('registers a person, opens an account, deposits and shows the balance', async () => {
    const registered = await calls.post('/persons', ALICE);
    expect(registered.statusCode).toBe(201);
    const person = registered.json();
    expect(person).toEqual({ id: ID, ...ALICE, address: null, created_at: TIME, last_modified: TIME });
    expect(registered.headers.location).toBe(`/api/v1/persons/${person.id}`);

    const opened = await calls.post('/accounts', { owner_id: person.id, overdraft_limit: 500.0 });
    expect(opened.statusCode).toBe(201);
    const account = opened.json();
    const { created_at } = account;
    expect(account).toEqual({
      id: ID,
      owner_id: person.id,
      balance: '0.00',
      available_balance: '500.00',
      overdraft_limit: '500.00',
      currency: 'USD',
      status: 'OPEN',
      reference: null,
      created_at: TIME,
      last_modified: created_at,
    });
    expect(opened.headers.location).toBe(`/api/v1/accounts/${account.id}`);

    const deposited = await calls.post('/transactions/deposit', {
      account_id: account.id,
      amount: 1000.0,
      description: 'Initial deposit',
    });
    expect(deposited.statusCode).toBe(200);
    expect(deposited.json()).toEqual({
      id: account.id,
      balance: '1000.00',
      transaction: {
        id: ID,
        type: 'DEPOSIT',
        amount: '1000.00',
        currency: 'USD',
        from_account_id: null,
        to_account_id: account.id,
        description: 'Initial deposit',
        ...PLAIN_TRANSACTION,
      },
    });
    const position = String(deposited.headers['openbank-position']);

    const shown = await calls.get(`/accounts/${account.id}?min_position=${position}`);
    expect(shown.statusCode).toBe(200);
    expect(shown.json()).toEqual({
      ...account,
      owner: 'Alice Smith',
      balance: '1000.00',
      available_balance: '1500.00',
      last_modified: deposited.json().transaction.booked_at,
    });
    expect(shown.headers.etag).toBe('"1"');
  });

  it('answers the other deposit route alike', async () => {
    const account = await calls.openAccount(await calls.registerAlice());
    const deposited = await calls.post(`/accounts/${account}/deposit`, { amount: '0.05' });
    expect(deposited.statusCode).toBe(200);
    expect(deposited.json()).toMatchObject({
      id: account,
      balance: '0.05',
      transaction: { description: null },
    });
  });

  it('keeps the address of a person', async () => {
    const address = {
      street_name: 'Main Street',
      street_number: '12a',
      zip_code: '62704',
      city: 'Springfield',
      country: 'US',
    };
    const person = await calls.post('/persons', { ...ALICE, address });
    expect(person.statusCode).toBe(201);
    const shown = await calls.get(`/persons/${person.json().id}`);
    expect(shown.json()).toMatchObject({ ...ALICE, address: { ...address, state: null } });
    expect(shown.headers.etag).toBe('"0"');
  });

  it('lists the accounts of a person in the order of their opening', async () => {
    const person = await calls.registerAlice();
    expect((await calls.get(`/accounts/by-owner/${person}`)).json()).toEqual([]);
    const first = await calls.openAccount(person);
    const opened = await calls.post('/accounts', { owner_id: person, currency: 'JPY', overdraft_limit: '7' });
    const position = String(opened.headers['openbank-position']);
    const listed = await calls.get(`/accounts/by-owner/${person}`, { 'OpenBank-Min-Position': position });
    expect(listed.statusCode).toBe(200);
    expect(listed.json()).toMatchObject([
      { id: first, owner: 'Alice Smith', currency: 'USD', balance: '0.00' },
      { id: opened.json().id, owner: 'Alice Smith', currency: 'JPY', available_balance: '7' },
    ]);
  });

  it('takes money as a string or as a number, and adds it exactly', async () => {
    const account = await calls.openAccount(await calls.registerAlice());
    for (const amount of ['0.10', 0.2, '1', 90071992547.41]) await calls.deposit(account, amount);
    expect((await calls.deposit(account, 0.3)).json().balance).toBe('90071992549.01');
  });
}

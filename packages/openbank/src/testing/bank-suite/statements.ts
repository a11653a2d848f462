import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Calls, callsTo } from '../calls.ts';
import type { OpenTestBank, TestBank } from '../test-bank.ts';

/** Statements of accounts, single transactions and the trial balance, on any bank that is empty before. */
export function statementsSuite(open: OpenTestBank): void {
  let bank: TestBank;
  let calls: Calls;
  let account: string;
  let other: string;
  let position: string;
  /** What the writes have answered. */
  let booked: readonly { id: string; booked_at: string; amount: string }[];

  const NOBODY = '0'.repeat(32);

  beforeAll(async () => {
    bank = await open();
    calls = callsTo(bank.app);
    account = await calls.openAccount(await calls.registerAlice(), { overdraft_limit: '100.00' });
    other = await calls.openAccount(await calls.registerAlice());
    const answers = [
      await calls.post(`/accounts/${account}/deposit`, { amount: '100.00', description: 'Salary' }),
      await calls.post(`/accounts/${account}/withdrawal`, { amount: '30.00' }),
      await calls.post('/transactions/transfer', {
        from_account_id: account,
        to_account_id: other,
        amount: '75.50',
        description: 'Rent',
      }),
      await calls.post('/transactions/transfer', {
        from_account_id: other,
        to_account_id: account,
        amount: '0.50',
      }),
    ];
    booked = answers.map((answer) => answer.json().transaction);
    position = String(answers.at(-1)?.headers['openbank-position']);
  });
  afterAll(() => bank.close());

  const statement = (query: string, id = account) =>
    calls.get(`/accounts/${id}/transactions?min_position=${position}${query}`);

  async function amounts(query: string): Promise<readonly string[]> {
    const answer = await statement(query);
    expect(answer.statusCode).toBe(200);
    return answer.json().data.map(({ amount }: { amount: string }) => amount);
  }

  describe('GET /accounts/{id}/transactions', () => {
    it('is a statement that adds up, the newest line first', async () => {
      const answer = await statement('');
      expect(answer.statusCode).toBe(200);
      const rest = {
        currency: 'USD',
        description: null,
        counterparty_account_id: null,
        reference: null,
        metadata: null,
        value_date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        reverses: null,
      };
      const line = (place: number) => ({
        transaction_id: booked[place]?.id,
        booked_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z$/),
      });
      expect(answer.json()).toEqual({
        data: [
          {
            ...rest,
            ...line(3),
            type: 'TRANSFER',
            amount: '0.50',
            balance: '-5.00',
            counterparty_account_id: other,
          },
          {
            ...{ ...rest, ...line(2), type: 'TRANSFER', amount: '-75.50', balance: '-5.50' },
            counterparty_account_id: other,
            description: 'Rent',
          },
          { ...rest, ...line(1), type: 'WITHDRAWAL', amount: '-30.00', balance: '70.00' },
          {
            ...rest,
            ...line(0),
            type: 'DEPOSIT',
            amount: '100.00',
            balance: '100.00',
            description: 'Salary',
          },
        ],
        page: { next: null, has_more: false },
      });
    });

    it('shows the other half of a transfer on the other account', async () => {
      expect((await statement('', other)).json().data).toMatchObject([
        { amount: '-0.50', balance: '75.00', counterparty_account_id: account },
        { amount: '75.50', balance: '75.50', counterparty_account_id: account, description: 'Rent' },
      ]);
    });

    it('has pages of the limit, in both orders', async () => {
      const first = (await statement('&limit=3')).json();
      expect(first.data).toHaveLength(3);
      expect(first.page.has_more).toBe(true);
      expect(await amounts(`&limit=3&cursor=${first.page.next}`)).toEqual(['100.00']);
      expect(await amounts('&order=asc')).toEqual(['100.00', '-30.00', '-75.50', '0.50']);
    });

    it.each<[string, readonly string[]]>([
      ['&type=TRANSFER', ['0.50', '-75.50']],
      ['&type=DEPOSIT', ['100.00']],
      ['&min_amount=75.50', ['-75.50', '100.00']],
      ['&max_amount=30', ['0.50', '-30.00']],
      ['&min_amount=0.50&max_amount=30.00&type=TRANSFER', ['0.50']],
      ['&min_amount=1000', []],
      ['&from=2020-01-01&to=2999-01-01T00:00:00%2B01:00', ['0.50', '-75.50', '-30.00', '100.00']],
      ['&from=2999-01-01', []],
      ['&to=2020-01-01', []],
    ])('%s shows the lines that fit, time after time', async (query, expected) => {
      expect(await amounts(query)).toEqual(expected);
      expect(await amounts('')).toHaveLength(4);
      expect(await amounts(query)).toEqual(expected);
    });

    it('takes in what was booked at `from` and leaves out what was booked at `to`', async () => {
      const lines = (await statement('&order=asc')).json().data;
      const [from, to] = [lines[1].booked_at, lines[3].booked_at];
      expect(await amounts(`&from=${from}&to=${to}`)).toEqual(['-75.50', '-30.00']);
    });

    it('of an account without transactions is an empty list', async () => {
      const idle = await calls.openAccount(await calls.registerAlice());
      const answer = await calls.get(`/accounts/${idle}/transactions`);
      expect(answer.json()).toEqual({ data: [], page: { next: null, has_more: false } });
    });

    it('of an unknown account is 404', async () => {
      for (const query of ['', '&type=DEPOSIT', '&min_amount=1', '&limit=1']) {
        expect((await statement(query, NOBODY)).json()).toMatchObject({
          status: 404,
          code: 'account-not-found',
        });
      }
    });

    it.each([
      ['from=yesterday', 'from'],
      ['from=2026-02-30', 'from'],
      ['from=2026-01-01T00:00:00 01:00', 'from'],
      ['to=2026-01-01T00:00:00', 'to'],
      ['to=', 'to'],
      ['from=2026-02-02&to=2026-02-01', 'from'],
      ['type=deposit', 'type'],
      ['type=DEPOSIT&type=TRANSFER', 'type'],
      ['type[$ne]=DEPOSIT', 'type[$ne]'],
      ['min_amount=-1', 'min_amount'],
      ['min_amount=1e3', 'min_amount'],
      ['min_amount=1.001', 'min_amount'],
      ['max_amount=', 'max_amount'],
      ['max_amount=99999999999999999999', 'max_amount'],
      ['min_amount=2&max_amount=1', 'min_amount'],
      ['order=up', 'order'],
      ['reference=', 'reference'],
      ['counterparty=x', 'counterparty'],
    ])('?%s is refused and named', async (query, field) => {
      const answer = await calls.get(`/accounts/${account}/transactions?${encodeURI(query)}`);
      expect(answer.json()).toMatchObject({ status: 400, code: 'malformed', errors: [{ field }] });
      expect(answer.json().errors[0].message).toMatch(/^(must|is) /);
    });

    it('says of an offset whose + has become a blank how to write it', async () => {
      const answer = await statement('&from=2026-01-01T00:00:00+01:00');
      expect(answer.json().errors).toEqual([{ field: 'from', message: expect.stringContaining('%2B') }]);
    });

    it('refuses a cursor with other filters than those of its list', async () => {
      const { next } = (await statement('&limit=1&type=TRANSFER')).json().page;
      for (const other of ['', '&type=DEPOSIT', '&type=TRANSFER&min_amount=0.01']) {
        const answer = await statement(`&limit=1${other}&cursor=${next}`);
        expect(answer.json()).toMatchObject({
          status: 400,
          code: 'malformed',
          errors: [{ field: 'cursor' }],
        });
      }
      expect(await amounts(`&limit=1&type=TRANSFER&cursor=${next}`)).toEqual(['-75.50']);
    });

    it('refuses an id that is none', async () => {
      expect((await calls.get('/accounts/x/transactions')).json()).toMatchObject({
        errors: [{ field: 'id' }],
      });
    });
  });

  describe('GET /transactions/{id}', () => {
    it('answers each as its write did', async () => {
      for (const transaction of booked) {
        const answer = await calls.get(`/transactions/${transaction.id}?min_position=${position}`);
        expect(answer.statusCode).toBe(200);
        expect(answer.json()).toEqual(transaction);
      }
    });

    it('says of an unknown one that it is not there', async () => {
      const answer = await calls.get(`/transactions/${NOBODY}`);
      expect(answer.json()).toMatchObject({ status: 404, code: 'transaction-not-found' });
    });

    it.each([
      ['x', 'id'],
      [`${NOBODY}?limit=1`, 'limit'],
      [`${NOBODY}?min_position=`, 'min_position'],
    ])('%s is refused and named', async (path, field) => {
      const answer = await calls.get(`/transactions/${path}`);
      expect(answer.json()).toMatchObject({ status: 400, errors: [{ field }] });
    });
  });

  describe('GET /trial-balance', () => {
    it('is zero for each currency, and says of which position it is', async () => {
      const yen = await calls.openAccount(await calls.registerAlice(), { currency: 'JPY' });
      const last = String((await calls.deposit(yen, 7)).headers['openbank-position']);
      const answer = await calls.get(`/trial-balance?min_position=${last}`);
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toEqual({
        position: last,
        currencies: [
          {
            currency: 'JPY',
            accounts: [
              { account: 'cash', balance: '-7' },
              { account: 'customers', balance: '7' },
            ],
            total: '0',
          },
          {
            currency: 'USD',
            accounts: [
              { account: 'cash', balance: '-70.00' },
              { account: 'customers', balance: '70.00' },
              { account: 'transfers', balance: '0.00' },
            ],
            total: '0.00',
          },
        ],
      });
    });

    it('refuses what it does not know', async () => {
      const answer = await calls.get('/trial-balance?currency=USD');
      expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'currency' }] });
    });
  });
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALICE, type Calls, callsTo } from '../calls.ts';
import type { OpenTestBank, TestBank } from '../test-bank.ts';

/** Lists of persons and accounts, page by page, on any bank that is empty before. */
export function listsSuite(open: OpenTestBank): void {
  let bank: TestBank;
  let calls: Calls;
  /** Persons in the order of their registration. */
  let persons: readonly string[];
  /** Accounts of the first two persons: USD, EUR, USD, JPY. */
  let accounts: readonly string[];
  let position: string;

  const NOBODY = '0'.repeat(32);

  beforeAll(async () => {
    bank = await open();
    calls = callsTo(bank.app);
    persons = [await calls.registerAlice(), await calls.registerAlice(), await calls.registerAlice()];
    const [alice = '', second = ''] = persons;
    accounts = [
      await calls.openAccount(alice),
      await calls.openAccount(second, { currency: 'EUR' }),
      await calls.openAccount(second, { currency: 'USD', overdraft_limit: '5.00' }),
      await calls.openAccount(alice, { currency: 'JPY' }),
    ];
    position = String((await calls.deposit(accounts[0] ?? '', '10.00')).headers['openbank-position']);
  });
  afterAll(() => bank.close());

  /** The ids on each page, and the status of each answer. */
  async function pagesOf(url: string): Promise<readonly (readonly string[])[]> {
    const pages: string[][] = [];
    let next: string | null = null;
    do {
      const cursor: string = next === null ? '' : `&cursor=${next}`;
      const answer = await calls.get(
        `${url}${url.includes('?') ? '&' : '?'}min_position=${position}${cursor}`,
      );
      expect(answer.statusCode).toBe(200);
      const { data, page } = answer.json();
      expect(page.has_more).toBe(page.next !== null);
      pages.push(data.map(({ id }: { id: string }) => id));
      next = page.next;
    } while (next !== null);
    return pages;
  }

  describe('GET /persons', () => {
    it('shows each as it was answered', async () => {
      const answer = await calls.get(`/persons?limit=1&min_position=${position}`);
      const one = (await calls.get(`/persons/${persons[0]}`)).json();
      expect(answer.json()).toEqual({ data: [one], page: { next: expect.any(String), has_more: true } });
      expect(one).toMatchObject({ ...ALICE, address: null });
    });

    it('has pages of the limit', async () => {
      expect(await pagesOf('/persons')).toEqual([persons]);
      expect(await pagesOf('/persons?limit=200')).toEqual([persons]);
      expect(await pagesOf('/persons?limit=2')).toEqual([persons.slice(0, 2), persons.slice(2)]);
      expect(await pagesOf('/persons?limit=3')).toEqual([persons]);
    });
  });

  describe('GET /accounts', () => {
    const at = (...places: readonly number[]) => places.map((place) => accounts[place]);

    it('shows each as it is read by its id, with its owner', async () => {
      const answer = await calls.get(`/accounts?limit=1&min_position=${position}`);
      const one = (await calls.get(`/accounts/${accounts[0]}`)).json();
      expect(answer.json().data).toEqual([one]);
      expect(one).toMatchObject({ owner: 'Alice Smith', balance: '10.00' });
    });

    it.each<[string, readonly number[]]>([
      ['', [0, 1, 2, 3]],
      ['?owner_id={alice}', [0, 3]],
      ['?currency=USD', [0, 2]],
      ['?status=OPEN', [0, 1, 2, 3]],
      ['?status=CLOSED', []],
      ['?currency=USD&status=OPEN', [0, 2]],
      ['?owner_id={alice}&currency=JPY', [3]],
      ['?owner_id={alice}&status=FROZEN', []],
      ['?owner_id={alice}&currency=JPY&status=OPEN', [3]],
      ['?currency=CHF', []],
      [`?owner_id=${NOBODY}`, []],
    ])('%s shows those that fit, time after time', async (filters, places) => {
      const url = `/accounts${filters.replace('{alice}', persons[0] ?? '')}`;
      for (const limit of ['', 'limit=1', 'limit=2', '']) {
        const joined = limit === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${limit}`;
        expect((await pagesOf(joined)).flat()).toEqual(at(...places));
      }
    });

    it('has 50 on a page unless it is told', async () => {
      const owner = await calls.registerAlice();
      for (let i = 0; i < 51; i++) await calls.openAccount(owner, { currency: 'CHF' });
      const { headers } = await calls.post('/persons', ALICE);
      const url = `/accounts?currency=CHF&min_position=${headers['openbank-position']}`;
      const { data, page } = (await calls.get(url)).json();
      expect(data).toHaveLength(50);
      expect(page).toEqual({ next: expect.any(String), has_more: true });
    });
  });

  describe.each(['/persons', '/accounts', `/accounts/{id}/transactions`])('GET %s', (path) => {
    const get = (query: string) => calls.get(`${path.replace('{id}', accounts[0] ?? '')}?${query}`);

    it.each([
      ['limit=0', 'limit'],
      ['limit=201', 'limit'],
      ['limit=-1', 'limit'],
      ['limit=1.5', 'limit'],
      ['limit=1e1', 'limit'],
      ['limit=', 'limit'],
      ['limit=01', 'limit'],
      ['limit=ten', 'limit'],
      ['limit=1&limit=2', 'limit'],
      ['cursor=', 'cursor'],
      ['cursor=x', 'cursor'],
      ['cursor=eyJ9', 'cursor'],
      ['cursor=%27%20OR%201%3D1', 'cursor'],
      [`cursor=${'a'.repeat(513)}`, 'cursor'],
      ['offset=10', 'offset'],
      ['page=2', 'page'],
      ['owner_id[$ne]=x', 'owner_id[$ne]'],
      ['__proto__=x', '__proto__'],
      ['min_position=', 'min_position'],
      ['min_position=9999999999999999', 'min_position'],
      ['min_position=!!!!!!!!!!!!!!!!', 'min_position'],
      ['=1', '""'],
    ])('?%s is refused and named', async (query, field) => {
      const answer = await get(query);
      expect(answer.statusCode).toBe(400);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.json()).toMatchObject({ code: 'malformed', errors: [{ field }] });
      expect(answer.json().errors[0].message).toMatch(/^(must|is) /);
    });

    it('refuses the cursor of another list', async () => {
      const { next } = (await calls.get('/accounts?limit=1&currency=USD')).json().page;
      expect(next).toEqual(expect.any(String));
      expect((await get(`cursor=${next}`)).json()).toMatchObject({
        status: 400,
        code: 'malformed',
        errors: [{ field: 'cursor' }],
      });
    });
  });

  describe('GET /accounts with a filter that is none', () => {
    it.each([
      ['status=open', 'status'],
      ['status=', 'status'],
      ['status=OPEN&status=CLOSED', 'status'],
      ['currency=usd', 'currency'],
      ['currency=QQQ', 'currency'],
      ['owner_id=x', 'owner_id'],
      ["owner_id=' OR 1=1 --", 'owner_id'],
      ['balance=0', 'balance'],
    ])('?%s is refused and named', async (query, field) => {
      const answer = await calls.get(`/accounts?${encodeURI(query)}`);
      expect(answer.json()).toMatchObject({ status: 400, code: 'malformed', errors: [{ field }] });
    });
  });
}

import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ALICE, type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

let bank: MemoryBank;
let calls: Calls;
let person: string;
let account: string;
let other: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
  person = await calls.registerAlice();
  account = await calls.openAccount(person, { overdraft_limit: '10000000000000.00' });
  other = await calls.openAccount(person);
});
afterAll(() => bank.close());

const text = fc.string({ unit: 'binary', maxLength: 40 });
const value = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 3 }),
  fc.date().map((date) => (Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10))),
  fc.bigInt({ min: 0n, max: 10n ** 20n }).map((units) => `${units / 100n}.${units % 100n}`),
);

/** A valid body, with some fields replaced, left out or added. */
function bodies(valid: () => object) {
  const fields = Object.keys(valid());
  const name = fc.oneof(fc.constantFrom(...fields), text);
  return fc
    .tuple(fc.dictionary(name, value, { maxKeys: 2 }), fc.subarray(fields, { maxLength: 1 }))
    .map(([changes, left]) => {
      const body = { ...valid(), ...changes };
      return Object.fromEntries(Object.entries(body).filter(([field]) => !left.includes(field)));
    });
}

const ROUTES: readonly (readonly [string, () => object])[] = [
  [
    '/persons',
    () => ({
      ...ALICE,
      address: { street_name: 'a', street_number: 'b', zip_code: 'c', city: 'd', country: 'e' },
    }),
  ],
  ['/accounts', () => ({ owner_id: person, overdraft_limit: 5, currency: 'EUR' })],
  ['/transactions/deposit', () => ({ account_id: account, amount: 1, description: 'x' })],
  ['/transactions/withdrawal', () => ({ account_id: account, amount: 1, description: 'x' })],
  [
    '/transactions/transfer',
    () => ({ from_account_id: account, to_account_id: other, amount: 1, description: 'x' }),
  ],
];

it.each(ROUTES)(
  'answers whatever is sent to %s with success or a problem document, never a fault',
  async (url, valid) => {
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(bodies(valid), async (body) => {
        const { statusCode, headers, json } = await calls.post(url, body);
        statuses.add(statusCode);
        expect(statusCode).toBeLessThan(500);
        const answer = json();
        if (statusCode < 300) return void expect(answer.id).toMatch(/^[0-9a-f]{32}$/);
        expect(headers['content-type']).toContain('application/problem+json');
        expect(answer).toMatchObject({
          status: statusCode,
          code: expect.any(String),
          detail: expect.any(String),
        });
        return undefined;
      }),
      { numRuns: 300 },
    );
    expect([...statuses]).toEqual(expect.arrayContaining([400]));
    expect(Math.min(...statuses)).toBeLessThan(300);
  },
);

const LISTS: readonly (readonly [string, readonly string[]])[] = [
  ['/persons', []],
  ['/accounts', ['owner_id', 'status', 'currency']],
  ['/accounts/{id}/transactions', ['from', 'to', 'type', 'min_amount', 'max_amount', 'order']],
  ['/trial-balance', []],
];

it.each(LISTS)(
  'answers whatever is asked of the list %s with a page or a problem document',
  async (path, own) => {
    const name = fc.constantFrom('limit', 'cursor', 'min_position', ...own);
    const told = fc.oneof(
      text.map((each) => each.toWellFormed()),
      fc.constantFrom(
        '1',
        '200',
        'OPEN',
        'USD',
        'DEPOSIT',
        'asc',
        '2026-01-01',
        '9.99',
        'WyJhIixudWxsLCJiIl0',
      ),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, told, { maxKeys: 4 }), async (query) => {
        const url = `${path.replace('{id}', account)}?${new URLSearchParams(query)}`;
        const { statusCode, json } = await calls.get(url);
        expect([200, 400]).toContain(statusCode);
        if (statusCode === 400)
          expect(json()).toMatchObject({ code: 'malformed', errors: expect.any(Array) });
      }),
      { numRuns: 200 },
    );
  },
);

it('answers whatever stands in a path, a query or a header alike', async () => {
  await fc.assert(
    fc.asyncProperty(text, text, text, async (id, position, key) => {
      const path = `/accounts/${encodeURIComponent(id.toWellFormed())}`;
      const read = await calls.get(`${path}?min_position=${encodeURIComponent(position.toWellFormed())}`);
      expect(read.statusCode).toBeLessThan(500);
      const write = await calls.deposit(account, 1, {
        'Idempotency-Key': encodeURIComponent(key.toWellFormed()),
      });
      expect(write.statusCode).toBeLessThan(500);
    }),
    { numRuns: 200 },
  );
});
